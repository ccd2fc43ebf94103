import type { JWTVerifyGetKey } from 'jose';
import { afterEach, test, vi } from 'vitest';

import { START_MS } from '../../test/fixtures.ts';
import { createIssuer } from '../../test/tokens.ts';
import { createExternalKeys } from './external-keys.ts';

const PARTS = { payload: '', signature: '' };

/** The library's cache goes by the system's clock, so that one is moved, and ours with it. */
async function setUp() {
  vi.useFakeTimers({ toFake: ['Date'], now: START_MS });
  const [old, next] = await Promise.all([createIssuer('i', 'old'), createIssuer('i', 'next')]);
  const server = { keys: [old.publicJwk], isAway: false, asked: 0 };
  const find = createExternalKeys({
    jwksUrl: 'https://keys.test/jwks.json',
    clock: { now: () => Date.now() },
    fetch: () => {
      server.asked += 1;
      if (server.isAway) return Promise.reject(new TypeError('fetch failed'));
      return Promise.resolve(Response.json({ keys: server.keys }));
    },
  });
  return { old, next, server, find };
}

function ask(find: JWTVerifyGetKey, kid: string) {
  return find({ alg: 'ES256', kid }, PARTS);
}

function advance(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

afterEach(() => {
  vi.useRealTimers();
});

test('a rotated key is found, with at most one look in half a minute; one that is gone is refused', async ({
  expect,
}) => {
  const { next, server, find } = await setUp();
  await ask(find, 'old');
  for (let again = 0; again < 20; again += 1) await expect(ask(find, 'next')).rejects.toThrow();
  expect(server.asked).toBe(1);
  server.keys = [next.publicJwk];
  advance(30_000);
  await ask(find, 'next');
  expect(server.asked).toBe(2);
  await expect(ask(find, 'old')).rejects.toThrow();
});

test('the keys are looked at again after ten minutes', async ({ expect }) => {
  const { next, server, find } = await setUp();
  await ask(find, 'old');
  server.keys = [next.publicJwk];
  advance(600_001);
  await expect(ask(find, 'old')).rejects.toThrow();
  expect(server.asked).toBe(2);
});

test('while the key server is away the last keys go on for an hour, and it is asked every half minute', async ({
  expect,
}) => {
  const { server, find } = await setUp();
  await ask(find, 'old');
  server.isAway = true;
  advance(600_001);
  for (let again = 0; again < 20; again += 1) await ask(find, 'old');
  expect(server.asked).toBe(2);
  await expect(ask(find, 'unknown')).rejects.toThrow();
  advance(30_000);
  await ask(find, 'old');
  expect(server.asked).toBe(3);
  advance(3_600_000);
  await expect(ask(find, 'old')).rejects.toThrow('fetch failed');
  server.isAway = false;
  await ask(find, 'old');
});

test('keys that were never had are an outage', async ({ expect }) => {
  const { server, find } = await setUp();
  server.isAway = true;
  await expect(ask(find, 'old')).rejects.toThrow('fetch failed');
});
