import { createTestDatabase, type TestDatabase } from '@ephemera/db/testing';
import { expect, test } from 'vitest';

import { createTestClock } from '../../test/fixtures.ts';
import { AUDIENCE, createIssuer, ISSUER, storeKey, storeUser } from '../../test/tokens.ts';
import { createActorResolver } from './actor-resolver.ts';

/** Who a token is, or why it is refused. */
async function createAsker(database: TestDatabase) {
  const clock = createTestClock();
  const ours = await createIssuer(ISSUER, 'key-1');
  await storeKey(database, ours);
  await storeUser(database, 'user-ada');
  const resolver = createActorResolver({ database, clock, issuer: ISSUER, audience: AUDIENCE });
  const ask = (token: string, address = '192.0.2.1') =>
    resolver.fromToken(token, { origin: null, ipPrefix: null, address }).then(
      ({ kind }): string => kind,
      ({ code }): string => String(code),
    );
  return { clock, ours, ask };
}

test('an address that sends wrong tokens by the hundred waits a second; nobody else does, nor who is known already', async () => {
  await using database = await createTestDatabase();
  const { clock, ours, ask } = await createAsker(database);
  const [known, fresh] = [await ours.sign(), await ours.sign({ jti: 'other' })];
  await ask(known);
  const forged = known.replace(/.{8}$/, 'AAAAAAAA');
  const codes = new Set<string>();
  for (let index = 0; index < 500; index += 1) codes.add(await ask(forged));
  expect([...codes]).toEqual(['unauthenticated']);

  expect([await ask(forged), await ask(fresh), await ask(known)]).toEqual([
    'rate_limited',
    'rate_limited',
    'user',
  ]);
  expect([await ask(forged, '192.0.2.2'), await ask(fresh, '192.0.2.2')]).toEqual([
    'unauthenticated',
    'user',
  ]);
  clock.advance(1_000);
  expect(await ask(forged)).toBe('unauthenticated');
});

test('who was known a minute ago is checked anew, whatever the others of the address send', async () => {
  await using database = await createTestDatabase();
  const { clock, ours, ask } = await createAsker(database);
  const known = await ours.sign();
  await ask(known);
  clock.advance(61_000);
  const forged = known.replace(/.{8}$/, 'AAAAAAAA');
  for (let index = 0; index < 500; index += 1) await ask(forged);

  expect(await Promise.all([ask(forged), ask(known), ask(known)])).toEqual(['rate_limited', 'user', 'user']);

  await database.write({ sql: "delete from users where id = 'user-ada'", args: [] });
  clock.advance(61_000);
  for (let index = 0; index < 500; index += 1) await ask(forged);
  expect([await ask(known), await ask(known)]).toEqual(['unauthenticated', 'rate_limited']);
});
