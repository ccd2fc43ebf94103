import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { createTestDatabase } from '@ephemera/db/testing';
import type { TestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { createTestClock } from '../../../test/fixtures.ts';
import { createTestVault, kekEntry, openKeys, readKeys, storeKeys } from '../../../test/stored-keys.ts';
import { createIdSource } from '../../ids.ts';
import type { Vault } from '../../vault/create-vault.ts';
import { rewrapProviderKeys } from './rewrap.ts';
import type { RewrapContext } from './rewrap.ts';

const OLD = createTestVault(kekEntry(1, 1));
const BOTH = createTestVault(kekEntry(1, 1), kekEntry(2, 2));
const NEW = createTestVault(kekEntry(2, 2));
const NOTHING_LEFT = { rewrapped: 0, remaining: 0, failed: [] };

function nameKeys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `pkey_${String(index).padStart(3, '0')}`);
}

function contextOf(database: TestDatabase, vault: Vault): RewrapContext {
  const clock = createTestClock();
  const actor = { kind: 'system' } as const;
  return {
    database,
    vault,
    clock,
    ids: createIdSource(clock.now),
    actor,
    requestId: 'req_1',
    ipPrefix: null,
  };
}

const readAudit = async (database: TestDatabase) =>
  await database.read('select action, target, result, details from audit_entries order by id');

test('stops at its limit, goes on when called again, and then has nothing left to do', async ({ expect }) => {
  await using database = await createTestDatabase();
  await storeKeys(database, OLD, nameKeys(70));
  const ctx = contextOf(database, BOTH);
  expect(await rewrapProviderKeys(ctx, { limit: 60 })).toEqual({ rewrapped: 60, remaining: 10, failed: [] });
  // In the middle of a rotation both versions are in use, and every row is readable.
  expect(new Set((await readKeys(database)).map(({ kekVersion }) => kekVersion))).toEqual(new Set([1, 2]));
  expect(await openKeys(database, BOTH)).toBe(70);
  expect(await rewrapProviderKeys(ctx, { limit: 60 })).toEqual({ rewrapped: 10, remaining: 0, failed: [] });
  expect(await rewrapProviderKeys(ctx, { limit: 60 })).toEqual(NOTHING_LEFT);
  expect(await openKeys(database, NEW)).toBe(70);
});

test('each row that moves leaves one entry in the audit', async ({ expect }) => {
  await using database = await createTestDatabase();
  await storeKeys(database, OLD, nameKeys(2));
  await rewrapProviderKeys(contextOf(database, BOTH), { limit: 10 });
  const entry = { action: 'provider_key.rewrap', result: 'ok', details: '{"from":1,"to":2}' };
  expect(await readAudit(database)).toEqual([
    { ...entry, target: 'pkey_000' },
    { ...entry, target: 'pkey_001' },
  ]);
});

test('a key of the environment and keys under the newest version are no work', async ({ expect }) => {
  await using database = await createTestDatabase();
  await storeKeys(database, BOTH, ['pkey_new']);
  await database.write({
    sql: `insert into provider_keys
      (id, provider, name, source, last_four, fingerprint, state, state_since, created_at, created_by)
      values ('pkey_env_1', 'openai', 'env', 'environment', '6789', 'f', 'active', 0, 0, 'environment')`,
    args: [],
  });
  expect(await rewrapProviderKeys(contextOf(database, BOTH), { limit: 10 })).toEqual(NOTHING_LEFT);
  expect(await readAudit(database)).toEqual([]);
});

test('rows that do not open are told, audited and left alone, and hold up nobody', async ({ expect }) => {
  await using database = await createTestDatabase();
  await storeKeys(database, OLD, nameKeys(60));
  const [first] = await readKeys(database);
  // Another row's ciphertext in the first 55: more than a page of failures before the first success.
  await database.write({
    sql: "update provider_keys set ciphertext = ?1 where id > 'pkey_000' and id <= 'pkey_055'",
    args: [first?.ciphertext ?? ''],
  });
  const before = await readKeys(database);
  const outcome = await rewrapProviderKeys(contextOf(database, BOTH), { limit: 5 });
  expect(outcome).toMatchObject({ rewrapped: 5, remaining: 55 });
  expect(outcome.failed).toHaveLength(55);
  expect(outcome.failed[0]).toEqual({ id: 'pkey_001', code: 'damaged' });
  expect((await readKeys(database)).slice(1, 56)).toEqual(before.slice(1, 56));
  expect(await readAudit(database)).toContainEqual({
    action: 'provider_key.rewrap',
    target: 'pkey_001',
    result: 'failed',
    details: '{"code":"damaged","from":1}',
  });
});

test('with other material or without the version, nothing is overwritten', async ({ expect }) => {
  await using database = await createTestDatabase();
  await storeKeys(database, OLD, nameKeys(3));
  const before = await readKeys(database);
  for (const { vault, code } of [
    { vault: createTestVault(kekEntry(1, 9), kekEntry(2, 2)), code: 'damaged' },
    { vault: NEW, code: 'unknown_version' },
  ]) {
    const outcome = await rewrapProviderKeys(contextOf(database, vault), { limit: 10 });
    expect(outcome).toMatchObject({ rewrapped: 0, remaining: 3, failed: [{ code }, { code }, { code }] });
  }
  expect(await readKeys(database)).toEqual(before);
  expect(await openKeys(database, OLD)).toBe(3);
});

test('jobs at once move each row once', async ({ expect }) => {
  await using database = await createTestDatabase();
  await storeKeys(database, OLD, nameKeys(40));
  const outcomes = await Promise.all(
    [0, 1, 2, 3].map(() => rewrapProviderKeys(contextOf(database, BOTH), { limit: 100 })),
  );
  expect(outcomes.reduce((total, { rewrapped }) => total + rewrapped, 0)).toBe(40);
  expect(await readAudit(database)).toHaveLength(40);
  expect(await openKeys(database, NEW)).toBe(40);
});

test('a row that changes under the job is not written over', async ({ expect }) => {
  await using database = await createTestDatabase();
  await storeKeys(database, OLD, ['pkey_000']);
  const other = await OLD.seal({ id: 'pkey_000', provider: 'openai', secret: 'sk-other' });
  const vault: Vault = {
    ...BOTH,
    rewrap: async (input) => {
      await database.write({ sql: 'update provider_keys set ciphertext = ?1', args: [other.ciphertext] });
      return await BOTH.rewrap(input);
    },
  };
  expect(await rewrapProviderKeys(contextOf(database, vault), { limit: 1 })).toMatchObject({
    rewrapped: 0,
    remaining: 1,
  });
  expect(await readKeys(database)).toMatchObject([{ ciphertext: other.ciphertext, kekVersion: 1 }]);
  expect(await readAudit(database)).toEqual([]);
});

const KILLS = Number(process.env['EPHEMERA_KILLS'] ?? '3');
const JOB = fileURLToPath(new URL('../../../test/rewrap-until-killed.ts', import.meta.url));

const KEYS_PER_KILL = 40;

/** Runs a job until it has acknowledged `enough` rows, kills it with -9, and returns what it last said was left. */
async function rewrapAndKill(url: string, enough: number): Promise<number> {
  const job = spawn(process.execPath, [JOB, url, String(KEYS_PER_KILL)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(job, 'exit');
  const acked: number[] = [];
  const lines = createInterface({ input: job.stdout });
  lines.on('line', (line) => {
    acked.push(Number(line));
    if (acked.length === enough) job.kill('SIGKILL');
  });
  await once(lines, 'close');
  const [, signal] = await exited;
  if (signal !== 'SIGKILL') throw new Error(`The job ended by itself (${String(signal)}).`);
  return Math.min(...acked);
}

test(
  `killed ${KILLS} times in the middle, it loses nothing and ends where it should`,
  {
    timeout: 60_000 + KILLS * 15_000,
  },
  async ({ expect }) => {
    await using database = await createTestDatabase();
    const ids = nameKeys(KILLS * KEYS_PER_KILL);
    await storeKeys(database, OLD, ids);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const left = await rewrapAndKill(database.url, 3 + Math.floor(Math.random() * 10));
      const outdated = (await readKeys(database)).filter(({ kekVersion }) => kekVersion === 1);
      expect(outdated.length).toBeLessThanOrEqual(left);
      expect(await openKeys(database, BOTH)).toBe(ids.length);
    }
    const outcome = await rewrapProviderKeys(contextOf(database, BOTH), { limit: ids.length });
    expect(outcome).toMatchObject({ remaining: 0, failed: [] });
    expect(await openKeys(database, NEW)).toBe(ids.length);
    expect(await readAudit(database)).toHaveLength(ids.length);
  },
);
