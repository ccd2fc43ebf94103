import { test, vi } from 'vitest';

import { createAuthorizedFetch } from './authorized-fetch.ts';
import { createTokenSource, readExpiry, SignedOutError } from './token-source.ts';

const START = 1_800_000_000_000;

const encode = (value: object) => btoa(JSON.stringify(value)).replaceAll('=', '');

function signToken(name: string, expiresAtMs: number): string {
  return `${encode({ alg: 'none' })}.${encode({ sub: name, exp: expiresAtMs / 1_000 })}.x`;
}

/** A server that hands out tokens of ten minutes, numbered. */
function serve(clock: { now: number }) {
  let issued = 0;
  const fetch = vi.fn<typeof globalThis.fetch>(async (input) => {
    if (input === '/api/auth/get-session') return Response.json({ user: {} });
    issued += 1;
    return Response.json({ token: signToken(`t${issued}`, clock.now + 600_000) });
  });
  const tokenRequests = () => fetch.mock.calls.filter(([input]) => input === '/api/auth/token').length;
  return { fetch, tokenRequests, tokens: createTokenSource({ fetch, now: () => clock.now }) };
}

test('however many ask at once, the token is fetched once', async ({ expect }) => {
  const { tokens, tokenRequests } = serve({ now: START });
  const [first, second] = await Promise.all([tokens.get(), tokens.get()]);
  await tokens.get();
  expect(first).toBe(second);
  expect(tokenRequests()).toBe(1);
});

test('a token is replaced a minute before it expires', async ({ expect }) => {
  const clock = { now: START };
  const { tokens, tokenRequests } = serve(clock);
  await tokens.get();
  clock.now += 539_000;
  await tokens.get();
  expect(tokenRequests()).toBe(1);
  clock.now += 2_000;
  await tokens.get();
  expect(tokenRequests()).toBe(2);
});

test('without a sign-in there is no token, and no request that fails', async ({ expect }) => {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => Response.json(null));
  const tokens = createTokenSource({ fetch, now: () => START });
  await expect(tokens.get()).rejects.toBeInstanceOf(SignedOutError);
  expect(fetch).toHaveBeenCalledTimes(1);
});

test('a server that cannot look the sign-in up signs nobody out', async ({ expect }) => {
  const fetch = vi.fn<typeof globalThis.fetch>(async () =>
    Response.json({ code: 'unavailable' }, { status: 503 }),
  );
  const tokens = createTokenSource({ fetch, now: () => START });
  await expect(tokens.get()).rejects.toMatchObject({ name: 'ApiError', status: 503, code: 'unavailable' });
  fetch.mockResolvedValueOnce(Response.json({ user: {} }));
  await expect(tokens.get()).rejects.toMatchObject({ name: 'ApiError', status: 503 });
});

test('a 401 is answered once with a fresh token, then it stands', async ({ expect }) => {
  const { tokens, tokenRequests } = serve({ now: START });
  const seen: (string | null)[] = [];
  const send = createAuthorizedFetch(tokens, async (_input, init) => {
    seen.push(new Headers(init?.headers).get('authorization'));
    return new Response(null, { status: 401 });
  });
  expect((await send('/trpc/me.get')).status).toBe(401);
  expect(seen).toHaveLength(2);
  expect(seen[0]).not.toBe(seen[1]);
  expect(tokenRequests()).toBe(2);
});

test('an unreadable token counts as expired', ({ expect }) => {
  expect(readExpiry('nonsense')).toBe(0);
  expect(readExpiry(signToken('a', START))).toBe(START);
});
