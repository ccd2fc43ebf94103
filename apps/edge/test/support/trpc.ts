import type { AppRouter } from '@ephemera/api';
import { createTRPCClient, httpBatchLink } from '@trpc/client';

import { OPERATOR, type TestHost } from './host.ts';

/** A typed client; `null` sends no token. */
export function connect(host: TestHost, token: string | null = host.userToken) {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${host.url}/trpc`,
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
      }),
    ],
  });
}

/** A user token of the operator, got as a page gets it: of a sign-in of its own. */
export async function signInOperator(host: TestHost): Promise<string> {
  const signIn = await host.post('/api/auth/sign-in/email', OPERATOR, { token: null });
  const cookie = signIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const answer: unknown = await (await host.fetch('/api/auth/token', { headers: { cookie } })).json();
  if (typeof answer !== 'object' || answer === null || !('token' in answer)) throw new Error('no token');
  return String(answer.token);
}

const tokens = new WeakMap<TestHost, Promise<string>>();

/** As the host's operator, signed in once: a sign-in hashes a password, which takes longer than most of what follows. */
export async function connectOperator(host: TestHost) {
  const token = tokens.get(host) ?? signInOperator(host);
  tokens.set(host, token);
  return connect(host, await token);
}
