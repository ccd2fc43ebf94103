import { ApiError } from '../../api/api-error.ts';

export type SetupInput = { token: string; name: string; email: string; password: string };

/** Whether this deployment has an owner. */
export async function readSetup(send: typeof fetch): Promise<{ isDone: boolean }> {
  const response = await send('/api/setup', { headers: { accept: 'application/json' } });
  if (!response.ok) throw await ApiError.fromResponse(response);
  const body: unknown = await response.json();
  const isDone: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'isDone') : null;
  return { isDone: isDone !== false };
}

/** Makes the first owner; works once. */
export async function completeSetup(send: typeof fetch, input: SetupInput): Promise<void> {
  const response = await send('/api/setup', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw await ApiError.fromResponse(response);
}
