import * as z from 'zod';

import { CliError, EXIT } from './cli-error.ts';
import type { OperatorConnection } from './connection.ts';

const TIMEOUT_MS = 15_000;
const tokenSchema = z.object({ token: z.string() });

const firstAnswerSchema = z.object({ twoFactorRedirect: z.literal(true) });

/** A short user token of the operator, by e-mail, password and, where one is set up, the second factor. */
export async function signIn(connection: OperatorConnection): Promise<string> {
  const { url } = connection;
  const cookie = await enter(connection);
  const answer = await ask(url, '/api/auth/token', { headers: { cookie } });
  const body: unknown = answer.ok ? await answer.json() : null;
  const parsed = tokenSchema.safeParse(body);
  if (parsed.success) return parsed.data.token;
  throw new CliError(
    EXIT.unreachable,
    `${url} gave no token (${answer.status}). Is it Ephemera of this version?`,
  );
}

/** The cookie of a sign-in that is complete. */
async function enter({ url, email, password, code }: OperatorConnection): Promise<string> {
  const entered = await post(url, '/sign-in/email', { body: { email, password } });
  if (!entered.ok) throw describeRefusal(url, entered.status);
  const body: unknown = await entered.json();
  if (!firstAnswerSchema.safeParse(body).success) return cookiesOf(entered);
  if (code === null) {
    const message = `${url} asks for a second factor: set OPERATOR_CODE to the code that the app shows now.`;
    throw new CliError(EXIT.noAccess, message);
  }
  const verified = await post(url, '/two-factor/verify-totp', { body: { code }, cookie: cookiesOf(entered) });
  if (verified.ok) return cookiesOf(verified);
  throw new CliError(
    EXIT.noAccess,
    `${url} does not accept this OPERATOR_CODE (${verified.status}). Codes change every 30 seconds.`,
  );
}

type AuthPost = { body: object; cookie?: string };

function post(url: string, path: string, { body, cookie }: AuthPost): Promise<Response> {
  return ask(url, `/api/auth${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      // Whoever sends a cookie says from where, and this is no page.
      ...(cookie === undefined ? {} : { cookie, origin: url }),
    },
    body: JSON.stringify(body),
  });
}

/** Without those that the answer takes away. */
function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .filter((line) => !/;\s*max-age=0/i.test(line))
    .map((line) => line.split(';')[0])
    .join('; ');
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
