import type { AppRouter } from '@ephemera/api';
import { createTRPCClient, httpLink } from '@trpc/client';
import { test } from 'vitest';

import { createReauthentication, createReauthenticationLink } from './reauthentication.ts';

const REFUSAL = {
  error: {
    message: 'Sign in again',
    code: -32003,
    data: { code: 'FORBIDDEN', httpStatus: 403, appCode: 'reauthentication_required' },
  },
};

/** A server that wants a fresh sign-in, and what it was asked. */
function serve() {
  const server = { isFresh: false, requests: 0 };
  const reauthentication = createReauthentication();
  const client = createTRPCClient<AppRouter>({
    links: [
      createReauthenticationLink(reauthentication.ask),
      httpLink({
        url: 'http://broker.test/trpc',
        fetch: async () => {
          server.requests += 1;
          return server.isFresh
            ? Response.json({ result: { data: { ok: true } } })
            : Response.json(REFUSAL, { status: 403 });
        },
      }),
    ],
  });
  const setPassword = () => client.members.setPassword.mutate({ id: 'm1', password: 'a longer password' });
  return { server, reauthentication, setPassword };
}

test('a request that needs a fresh sign-in is sent again after one', async ({ expect }) => {
  const { server, reauthentication, setPassword } = serve();
  reauthentication.host();
  const answer = setPassword();
  await expect.poll(reauthentication.isAsked).toBe(true);
  server.isFresh = true;
  reauthentication.settle(true);
  expect(await answer).toEqual({ ok: true });
  expect(server.requests).toBe(2);
  expect(reauthentication.isAsked()).toBe(false);
});

test('who does not want to sign in again gets the refusal', async ({ expect }) => {
  const { server, reauthentication, setPassword } = serve();
  reauthentication.host();
  const refused = expect(setPassword()).rejects.toThrow('Sign in again');
  await expect.poll(reauthentication.isAsked).toBe(true);
  reauthentication.settle(false);
  await refused;
  expect(server.requests).toBe(1);
});

test('a sign-in that is not fresh enough even then is not asked for twice', async ({ expect }) => {
  const { server, reauthentication, setPassword } = serve();
  reauthentication.host();
  const refused = expect(setPassword()).rejects.toThrow('Sign in again');
  await expect.poll(reauthentication.isAsked).toBe(true);
  reauthentication.settle(true);
  await refused;
  expect(server.requests).toBe(2);
});

test('one sign-in serves all that wait for it', async ({ expect }) => {
  const { reauthentication } = serve();
  reauthentication.host();
  const asked = [reauthentication.ask(), reauthentication.ask()];
  reauthentication.settle(true);
  expect(await Promise.all(asked)).toEqual([true, true]);
});

test('where no page can ask, or it goes away, the refusal stands', async ({ expect }) => {
  const { reauthentication, setPassword } = serve();
  await expect(setPassword()).rejects.toThrow('Sign in again');
  const leave = reauthentication.host();
  const refused = expect(setPassword()).rejects.toThrow('Sign in again');
  await expect.poll(reauthentication.isAsked).toBe(true);
  leave();
  await refused;
});
