import { test as base } from 'vitest';

import { KEY } from '../../../test/admission.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, BOB, createTestApi, NOBODY, OPERATOR } from '../../../test/fixtures.ts';
import { blockUser } from '../users/block.ts';
import { setUserLimits } from '../users/set-limits.ts';
import { createTokenOnce } from './create-once.ts';

const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi();
    await use(api);
  },
});

const REQUEST = { idempotencyKey: 'once', session: { type: 'realtime' as const }, ttlSeconds: 60 };

test('the same key and request answer the same token, and nobody is asked twice', async ({ api, expect }) => {
  const first = await createTokenOnce(api.as(ADA), REQUEST);
  const second = await createTokenOnce(api.as(ADA), REQUEST);

  expect(first.isReplayed).toBe(false);
  expect(first.token.rateLimit).toMatchObject({ policy: 'mint', remaining: 99_999 });
  expect(second).toEqual({ token: first.token, isReplayed: true });
  expect(api.upstream.requests).toHaveLength(1);
  expect(await api.database.read('select count(*) as n from sessions')).toEqual([{ n: 1 }]);
});

test('a replay is refused by the rules of now: a block, a list of models, a scope that is gone', async ({
  api,
  expect,
}) => {
  await createTokenOnce(api.as(ADA), REQUEST);
  await setUserLimits(api.as(OPERATOR), { id: ADA.id, allowedModels: ['gpt-realtime-2.1-mini'] });
  await expect(createTokenOnce(api.as(ADA), REQUEST)).rejects.toMatchObject({ code: 'model_not_allowed' });
  await setUserLimits(api.as(OPERATOR), { id: ADA.id, allowedModels: null });
  await blockUser(api.as(OPERATOR), { id: ADA.id, reason: 'abuse' });
  await expect(createTokenOnce(api.as(ADA), REQUEST)).rejects.toMatchObject({
    code: 'user_blocked',
    httpStatus: 403,
  });

  const forUser = { ...REQUEST, userId: 'u1' };
  await createTokenOnce(api.as(KEY), forUser);
  const narrowed = { ...KEY, scopes: ['tokens:mint' as const] };
  await expect(createTokenOnce(api.as(narrowed), forUser)).rejects.toMatchObject({
    code: 'insufficient_scope',
    httpStatus: 403,
  });
  expect(api.upstream.requests).toHaveLength(2);
});

test('of parallel requests one mints; the others get 409 or its token, and none a second one', async ({
  api,
  expect,
}) => {
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => createTokenOnce(api.as(ADA), REQUEST)),
  );

  const minted = results.filter(({ status }) => status === 'fulfilled');
  expect(minted.length).toBeGreaterThan(0);
  for (const result of results) {
    if (result.status === 'rejected')
      expect(result.reason).toMatchObject({
        code: 'idempotency_conflict',
        details: { retryAfterSeconds: 1 },
      });
  }
  expect(api.upstream.requests).toHaveLength(1);
});

test('another request under the same key is 422', async ({ api, expect }) => {
  await createTokenOnce(api.as(ADA), REQUEST);

  const other = createTokenOnce(api.as(ADA), { ...REQUEST, ttlSeconds: 61 });

  await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused', httpStatus: 422 });
  expect(api.upstream.requests).toHaveLength(1);
});

test("another user's same key is another key", async ({ api, expect }) => {
  const ada = await createTokenOnce(api.as(ADA), REQUEST);
  const bob = await createTokenOnce(api.as(BOB), REQUEST);

  expect(bob.isReplayed).toBe(false);
  expect(bob.token.secret.value).not.toBe(ada.token.secret.value);
  await expect(createTokenOnce(api.as(NOBODY), REQUEST)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('what is kept is sealed, and is gone when the secret is', async ({ api, expect }) => {
  const { token } = await createTokenOnce(api.as(ADA), {
    ...REQUEST,
    session: { type: 'realtime', instructions: 'the-secret-recipe' },
  });

  const stored = JSON.stringify(await api.database.read('select * from idempotent_mints'));
  expect(stored).toContain('v1.1.');
  expect(stored).not.toContain(token.secret.value.slice(3));
  expect(stored).not.toContain('the-secret-recipe');
  expect(await api.database.read('select expires_at from idempotent_mints')).toEqual([
    { expires_at: token.expiresAt.getTime() },
  ]);
  api.clock.advance(token.expiresAt.getTime() - api.clock.now());
  const later = await createTokenOnce(api.as(ADA), REQUEST);
  expect(later.isReplayed).toBe(false);
  expect(await api.database.read('select count(*) as n from idempotent_mints')).toEqual([{ n: 1 }]);
});

test('a mint that failed leaves the key free', async ({ api, expect }) => {
  api.upstream.answer(() => ({
    status: 400,
    body: { error: { message: 'no', type: 'x', code: 'invalid_value' } },
  }));

  await expect(createTokenOnce(api.as(ADA), REQUEST)).rejects.toMatchObject({ code: 'upstream_rejected' });
  expect((await createTokenOnce(api.as(ADA), REQUEST)).isReplayed).toBe(false);
});

test('the key of a mint whose process died is free after half a minute', async ({ api, expect }) => {
  await api.database.write({
    sql: `insert into idempotent_mints (user_id, idempotency_key, request_hash, expires_at)
      select ?1, 'dead', '', ?2`,
    args: [ADA.id, api.clock.now() + 30_000],
  });
  const dead = { ...REQUEST, idempotencyKey: 'dead' };

  await expect(createTokenOnce(api.as(ADA), dead)).rejects.toMatchObject({
    code: 'idempotency_key_reused',
  });
  api.clock.advance(30_000);
  expect((await createTokenOnce(api.as(ADA), dead)).isReplayed).toBe(false);
});

test('without a keyring a mint still happens once: its token is not kept, and that is said', async ({
  expect,
}) => {
  await using api = await createTestApi({ keyring: null });
  await createTokenOnce(api.as(ADA), REQUEST);

  await expect(createTokenOnce(api.as(ADA), REQUEST)).rejects.toMatchObject({ code: 'idempotency_conflict' });
  expect(api.upstream.requests).toHaveLength(1);
});
