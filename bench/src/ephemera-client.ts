import type { EphemeraServer } from './ephemera.ts';
import { createMintRequest, jsonHeaders } from './target.ts';

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  throw new Error(`${new URL(response.url).pathname} answered ${response.status}: ${text.slice(0, 500)}`);
}

/** An operator's token, got as a person gets it. */
async function signIn({ url, access }: EphemeraServer): Promise<string> {
  const entered = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(access.operator),
  });
  await readJson(entered);
  const cookie = entered.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const answer = await readJson(await fetch(`${url}/api/auth/token`, { headers: { cookie } }));
  if (typeof answer === 'object' && answer !== null && 'token' in answer) return String(answer.token);
  throw new Error('The sign-in gave no token.');
}

export function createQueryPath(procedure: string, input: unknown): string {
  return `/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`;
}

/** The answer of a tRPC query, unwrapped; the caller says what is in it. */
async function query<T>({ url }: EphemeraServer, token: string, path: string): Promise<T> {
  const body = await readJson(await fetch(`${url}${path}`, { headers: jsonHeaders(token) }));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because the server validates what it answers
  return (body as { result: { data: T } }).result.data;
}

/** Puts a key into the pool; nothing is asked of the upstream for that. */
export async function addKey(server: EphemeraServer, provider: string, key: string): Promise<void> {
  const answer = await fetch(`${server.url}/trpc/keys.add`, {
    method: 'POST',
    headers: jsonHeaders(await signIn(server)),
    body: JSON.stringify({ provider, name: 'Bench', key, test: false }),
  });
  await readJson(answer);
}

/** Without budgets a part of the admission would not be on the measured path. Nobody reaches these. */
const BUDGET = { limitMicroUsd: 1_000_000_000_000_000, period: 'monthly', timeZone: 'UTC', action: 'block' };

function readSubject(token: string): string {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  if (typeof claims === 'object' && claims !== null && 'sub' in claims) return String(claims.sub);
  throw new Error('The token names no subject.');
}

/** A budget for the whole project and one for the user who mints. */
export async function setBudgets(server: EphemeraServer): Promise<void> {
  const headers = jsonHeaders(await signIn(server));
  const user = { scope: 'user', subject: readSubject(server.access.userToken) };
  for (const target of [{ scope: 'project', subject: '' }, user]) {
    const body = JSON.stringify({ ...target, ...BUDGET });
    await readJson(await fetch(`${server.url}/trpc/budgets.set`, { method: 'POST', headers, body }));
  }
}

type KeyState = { state: string; reason: string | null };

export async function listKeyStates(server: EphemeraServer): Promise<KeyState[]> {
  const path = createQueryPath('keys.list', { provider: 'openai' });
  const { items } = await query<{ items: KeyState[] }>(server, await signIn(server), path);
  return items.map(({ state, reason }) => ({ state, reason }));
}

/** One mint beside the load; answers its status. */
export async function mintOnce({ url, access }: EphemeraServer): Promise<number> {
  const { method, path, headers, body } = createMintRequest(access.userToken);
  const response = await fetch(`${url}${path}`, { method, headers, body });
  await response.arrayBuffer();
  return response.status;
}

export async function findLatestSessionId(server: EphemeraServer): Promise<string> {
  const path = createQueryPath('sessions.list', {});
  const { items } = await query<{ items: { id: string }[] }>(server, server.access.userToken, path);
  const [latest] = items;
  if (latest === undefined) throw new Error('There is no session to read.');
  return latest.id;
}
