import { test } from 'vitest';

import { insertKey, insertReport, NOON_MS } from '../test/provider-keys.ts';
import { pickProviderKey, readPickedProviderKey } from './pick-provider-key.ts';
import { createTestDatabase } from './testing.ts';
import type { TestDatabase } from './testing.ts';

async function pick(database: TestDatabase, nowMs = NOON_MS, provider = 'openai') {
  return readPickedProviderKey((await database.write(pickProviderKey({ provider, nowMs }))).rows);
}

test('it gives what the vault needs, and counts the use', async ({ expect }) => {
  await using database = await createTestDatabase();
  await database.write(insertKey('k', { name: 'Team A' }));
  expect(await pick(database)).toEqual({
    id: 'k',
    provider: 'openai',
    name: 'Team A',
    ciphertext: 'v1.1.k',
    kekVersion: 1,
  });
  expect(await pick(database, NOON_MS, 'gemini')).toBeNull();
  expect(await database.read('select usage_count, last_used_at from provider_keys')).toEqual([
    { usage_count: 1, last_used_at: NOON_MS },
  ]);
  expect(await database.read('select hour_start, uses, errors from provider_key_hours')).toEqual([
    { hour_start: NOON_MS, uses: 1, errors: 0 },
  ]);
});

const until = (ms: number) => ({ state_until: NOON_MS + ms });
for (const { name, columns, isPicked } of [
  { name: 'an active key', columns: { state: 'active' }, isPicked: true },
  {
    name: 'a key whose rate limit is over',
    columns: { state: 'cooling_down', state_reason: 'rate_limited', ...until(0) },
    isPicked: true,
  },
  {
    name: 'a key that cools down',
    columns: { state: 'cooling_down', state_reason: 'rate_limited', ...until(1) },
    isPicked: false,
  },
  {
    name: 'a key whose breaker is open',
    columns: { state: 'cooling_down', state_reason: 'breaker', ...until(1) },
    isPicked: false,
  },
  {
    name: 'a key whose breaker was open for long enough',
    columns: { state: 'cooling_down', state_reason: 'breaker', ...until(0) },
    isPicked: true,
  },
  { name: 'an exhausted key', columns: { state: 'exhausted', ...until(1) }, isPicked: false },
  {
    name: 'an exhausted key on the next day',
    columns: { state: 'exhausted', ...until(0) },
    isPicked: true,
  },
  { name: 'a quarantined key', columns: { state: 'quarantined' }, isPicked: false },
  { name: 'a disabled key', columns: { state: 'disabled' }, isPicked: false },
  { name: 'a draining key', columns: { state: 'draining', ...until(1_000) }, isPicked: false },
  {
    name: 'a key before the end of its overlap',
    columns: { state: 'active', drain_at: NOON_MS + 1 },
    isPicked: true,
  },
  {
    name: 'a key after the end of its overlap',
    columns: { state: 'active', drain_at: NOON_MS },
    isPicked: false,
  },
  {
    name: 'a key of the environment',
    columns: { state: 'active', source: 'environment', ciphertext: null, kek_version: null },
    isPicked: false,
  },
]) {
  test(`${name} is ${isPicked ? '' : 'not '}picked`, async ({ expect }) => {
    await using database = await createTestDatabase();
    await database.write(insertKey('k', columns));
    expect((await pick(database))?.id ?? null).toBe(isPicked ? 'k' : null);
  });
}

test('fewest errors of the last hour come first, older ones are forgotten', async ({ expect }) => {
  await using database = await createTestDatabase();
  for (const id of ['a', 'b']) await database.write(insertKey(id));
  const HOUR_MS = 3_600_000;
  await database.write(insertReport({ keyId: 'a', idempotencyKey: '1', error: 'boom', atMs: NOON_MS - 1 }));
  for (let turn = 0; turn < 3; turn += 1) expect((await pick(database))?.id).toBe('b');
  // At one, the errors before noon are more than an hour old; what counts now is that `a` was used less.
  expect((await pick(database, NOON_MS + HOUR_MS))?.id).toBe('a');
});
