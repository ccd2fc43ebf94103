import { createTestDatabase } from '@ephemera/db/testing';
import type { TestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { createTestClock, START_MS } from '../../test/fixtures.ts';
import { AUDIENCE, createIssuer, ISSUER, storeKey, storeUser } from '../../test/tokens.ts';
import { AppError } from '../errors.ts';
import type { ActorResolverOptions } from './actor-resolver.ts';
import { createActorResolver } from './actor-resolver.ts';

const UNAUTHENTICATED = { code: 'unauthenticated', httpStatus: 401 };

async function setUp(database: TestDatabase, options: Partial<ActorResolverOptions> = {}) {
  const clock = createTestClock();
  const ours = await createIssuer(ISSUER, 'key-1');
  await storeKey(database, ours);
  await storeUser(database, 'user-ada');
  const resolver = createActorResolver({ database, clock, issuer: ISSUER, audience: AUDIENCE, ...options });
  return { clock, ours, resolver };
}

test('security 14: a disabled or deleted user is refused within a minute', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { clock, ours, resolver } = await setUp(database);
  const token = await ours.sign();
  await resolver.fromToken(token);
  await database.write({ sql: 'update users set disabled_at = 1', args: [] });
  clock.advance(60_000);
  await expect(resolver.fromToken(token)).rejects.toMatchObject(UNAUTHENTICATED);
});

test("security 14: an operator's role, account and sign-in are those of this moment", async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, resolver, clock } = await setUp(database);
  await storeUser(database, 'user-op', 'operator');
  const signInSql = `insert into auth_sessions (id, expires_at, token, created_at, updated_at, user_id)
    values ('sign-in-1', ?1, 't', ?2, ?2, 'user-op')`;
  await database.write({ sql: signInSql, args: [clock.now() + 60_000, clock.now() - 5_000] });
  const token = await ours.sign({ sub: 'user-op', sid: 'sign-in-1' });
  const operator = {
    kind: 'operator',
    role: 'operator',
    signInId: 'sign-in-1',
    authenticatedAtMs: START_MS - 5_000,
  };
  expect(await resolver.fromToken(token)).toMatchObject(operator);
  await database.write({ sql: "update users set role = 'viewer' where id = 'user-op'", args: [] });
  expect(await resolver.fromToken(token)).toMatchObject({ ...operator, role: 'viewer' });
  await database.write({ sql: "update users set disabled_at = 1 where id = 'user-op'", args: [] });
  await expect(resolver.fromToken(token)).rejects.toMatchObject(UNAUTHENTICATED);
  await database.write({ sql: "update users set disabled_at = null where id = 'user-op'", args: [] });
  expect(await resolver.fromToken(token)).toMatchObject({ role: 'viewer' });
  await database.write({ sql: 'delete from auth_sessions', args: [] });
  await expect(resolver.fromToken(token)).rejects.toMatchObject(UNAUTHENTICATED);
});

test("a sign-in of somebody else's, or one that is over, carries no token", async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, resolver, clock } = await setUp(database);
  await storeUser(database, 'user-bob');
  await database.write({
    sql: `insert into auth_sessions (id, expires_at, token, created_at, updated_at, user_id)
      values ('bobs', ?1, 't1', 0, 0, 'user-bob'), ('over', ?2, 't2', 0, 0, 'user-ada')`,
    args: [clock.now() + 60_000, clock.now()],
  });
  for (const sid of ['bobs', 'over', 'unknown', '', 7]) {
    await expect(resolver.fromToken(await ours.sign({ sid }))).rejects.toMatchObject(UNAUTHENTICATED);
  }
});

test('access keys go to whoever knows them, with what the request says about itself', async ({ expect }) => {
  await using database = await createTestDatabase();
  const asked: unknown[] = [];
  const { resolver } = await setUp(database, {
    findAccessKey: (secret, facts) => {
      asked.push([secret, facts]);
      return Promise.reject(new AppError('unauthenticated', 'no'));
    },
  });
  const facts = { origin: 'https://app.test', ipPrefix: '192.0.2.0/24' };
  const secret = `eph_live_${'a'.repeat(49)}`;
  await expect(resolver.fromHeader(`Bearer ${secret}`, facts)).rejects.toMatchObject(UNAUTHENTICATED);
  expect(asked).toEqual([[secret, facts]]);
  for (const other of [`Basic ${secret}`, `Bearer EPH_live_x`, `Bearer ${secret} x`, `Bearer ${secret}.x`]) {
    await expect(resolver.fromHeader(other, facts)).rejects.toMatchObject(UNAUTHENTICATED);
  }
  expect(asked).toHaveLength(1);
});
