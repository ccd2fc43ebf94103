import * as z from 'zod';

import { INTERNAL_SECRET, STORED_KEYS, type TestHost } from './host.ts';
import { connectOperator } from './trpc.ts';

export const INTERNAL_PATH = '/api/internal/api-keys';

/** Exactly the fields of the contract, in its order. */
const serviceKeySchema = z.strictObject({
  id: z.string(),
  provider: z.string(),
  name: z.string(),
  key: z.string(),
  usageCount: z.int(),
  errorCount: z.int(),
});

export type ServiceKey = z.infer<typeof serviceKeySchema>;

export async function requestKeys(
  host: TestHost,
  { query = '', secret = INTERNAL_SECRET }: { query?: string; secret?: string | null } = {},
): Promise<Response> {
  return await host.fetch(`${INTERNAL_PATH}${query}`, {
    headers: secret === null ? {} : { authorization: `Bearer ${secret}` },
  });
}

export async function fetchKeys(host: TestHost, provider?: string): Promise<ServiceKey[]> {
  const response = await requestKeys(host, provider === undefined ? {} : { query: `?provider=${provider}` });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return z.array(serviceKeySchema).parse(await response.json());
}

export async function report(
  host: TestHost,
  body: unknown,
  secret: string | null = INTERNAL_SECRET,
): Promise<Response> {
  return await host.post(INTERNAL_PATH, body, { token: secret });
}

/** Puts keys of the simulator into the pool; their ids, in order. */
export async function addStoredKeys(host: TestHost, count: number = STORED_KEYS.length): Promise<string[]> {
  const operator = await connectOperator(host);
  const ids: string[] = [];
  for (const [index, key] of STORED_KEYS.slice(0, count).entries()) {
    const added = await operator.keys.add.mutate({ provider: 'openai', name: `Stored ${index + 1}`, key });
    ids.push(added.key.id);
  }
  return ids;
}

export async function readCounts(host: TestHost, id: string) {
  const [row] = await host.readRows(
    'select usage_count, error_count, last_error, last_used_at, state, state_reason from provider_keys where id = ?',
    [id],
  );
  return row;
}
