import * as z from 'zod';

import { CliError, EXIT } from './cli-error.ts';
import type { OperatorConnection } from './connection.ts';

const TIMEOUT_MS = 15_000;
const tokenSchema = z.object({ token: z.string() });

/** A short user token of the operator, by e-mail and password. */
export async function signIn({ url, email, password }: OperatorConnection): Promise<string> {
  const entered = await ask(url, '/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!entered.ok) throw describeRefusal(url, entered.status);
  const cookie = entered.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const answer = await ask(url, '/api/auth/token', { headers: { cookie } });
  const body: unknown = answer.ok ? await answer.json() : null;
  const parsed = tokenSchema.safeParse(body);
  if (parsed.success) return parsed.data.token;
  throw new CliError(
    EXIT.unreachable,
    `${url} gave no token (${answer.status}). Is it Ephemera of this version?`,
  );
}

async function ask(url: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${url}${path}`, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    const message = `${url} cannot be reached. Check EPHEMERA_URL and that the server runs (\`npm start\`).`;
    throw new CliError(EXIT.unreachable, message, { cause });
  }
}

function describeRefusal(url: string, status: number): CliError {
  if (status === 401 || status === 403) {
    const message = `${url} does not accept this e-mail and password. Check OPERATOR_EMAIL and OPERATOR_PASSWORD.`;
    return new CliError(EXIT.noAccess, message);
  }
  return new CliError(
    EXIT.unreachable,
    `${url} answered ${status} to the sign-in. See its log and its /readyz.`,
  );
}
