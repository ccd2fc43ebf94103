import type { RouterInputs } from '@ephemera/api';
import * as z from 'zod';

import type { TestHost } from './host.ts';
import { connectOperator } from './trpc.ts';

export const PASSWORD = 'a password of the tests';

type Role = RouterInputs['members']['create']['role'];

/** Cookies as a browser would send them back. */
export function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .filter((line) => !/max-age=0/i.test(line))
    .map((line) => line.split(';')[0])
    .join('; ');
}

type SignIn = { email: string; password?: string; cookie?: string };

/** POST of the sign-in, as a page does it. */
export function signIn(host: TestHost, { email, password = PASSWORD, cookie }: SignIn): Promise<Response> {
  const headers = cookie === undefined ? {} : { cookie, origin: 'http://127.0.0.1:8787' };
  return host.post('/api/auth/sign-in/email', { email, password }, { token: null, headers });
}

/** A user JWT for the sign-in that the cookie stands for. */
export async function fetchToken(host: TestHost, cookie: string): Promise<string> {
  const response = await host.fetch('/api/auth/token', { headers: { cookie } });
  return z.object({ token: z.string() }).parse(await response.json()).token;
}

export async function signInAs(host: TestHost, email: string) {
  const response = await signIn(host, { email });
  if (response.status !== 200) throw new Error(`The sign-in answered ${response.status}.`);
  const cookie = cookiesOf(response);
  return { cookie, token: await fetchToken(host, cookie) };
}

/** An account with the tests' password, signed in. */
export async function createMember(host: TestHost, role: Role, email = `${role}@members.test`) {
  const owner = await connectOperator(host);
  const { member } = await owner.members.create.mutate({
    name: `The ${role}`,
    email,
    role,
    password: PASSWORD,
  });
  return { id: member.id, email, ...(await signInAs(host, email)) };
}
