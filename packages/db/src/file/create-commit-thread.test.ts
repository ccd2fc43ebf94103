import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { createTestDatabase } from '@ephemera/db/testing';
import { test as base } from 'vitest';

import { auditEntryStatement } from '../audit-chain.ts';
import { createNodeDatabase } from '../node.ts';
import { createCommitThread } from './create-commit-thread.ts';

const INSERT =
  "insert into verifications (id, identifier, value, expires_at, created_at, updated_at) values (?1, 'i', ?2, 0, 0, 0)";
const insert = (id: string, value: string | null = 'v') => ({ sql: INSERT, args: [id, value] });
const entry = (id: string) =>
  auditEntryStatement({
    id,
    at: 1,
    actorKind: 'operator',
    actorId: 'o',
    action: 'key.test',
    target: null,
    result: 'ok',
    requestId: 'r',
    ipPrefix: null,
    details: null,
  });

async function openParts() {
  const database = await createTestDatabase();
  const thread = createCommitThread({
    path: fileURLToPath(database.url),
    options: { busyTimeoutMs: 1_000, synchronous: 'normal' },
  });
  while (!thread.isReady()) await setImmediate();
  return { database, thread };
}

const test = base.extend<{ parts: Awaited<ReturnType<typeof openParts>> }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  parts: async ({}, use) => {
    const parts = await openParts();
    await use(parts);
    await parts.thread.close();
    await parts.database[Symbol.asyncDispose]();
  },
});

test('a refused unit is told by its code, and its neighbours are stored', async ({ parts, expect }) => {
  const { database, thread } = parts;
  await database.write(insert('taken'));
  const outcomes = await thread.commit([
    [insert('a'), insert('b')],
    [insert('c'), insert('taken')],
    [{ sql: `${INSERT} returning id`, args: ['d', 'v'] }],
  ]);
  expect(outcomes).toMatchObject([
    { ok: true, results: [{ rowsAffected: 1 }, { rowsAffected: 1 }] },
    { ok: false, error: { code: 'SQLITE_CONSTRAINT', message: expect.stringContaining('UNIQUE') } },
    { ok: true, results: [{ rows: [{ id: 'd' }], rowsAffected: 1 }] },
  ]);
  const rows = await database.read('select id from verifications order by id');
  expect(rows.map((row) => row['id'])).toEqual(['a', 'b', 'd', 'taken']);
});

test('it chains the audit where the other connection left it', async ({ parts, expect }) => {
  const { database, thread } = parts;
  await database.write(entry('one'));
  await thread.commit([[entry('two')], [insert('x'), entry('three')]]);
  await database.write(entry('four'));
  const rows = await database.read('select id, hash from audit_entries order by seq');
  expect(rows.map((row) => row['id'])).toEqual(['one', 'two', 'three', 'four']);
  expect(new Set(rows.map((row) => row['hash'])).size).toBe(4);
});

test('a locked database is told by its code, so that it is tried again', async ({ parts, expect }) => {
  const { database, thread } = parts;
  await database.orm.run('begin immediate');
  await expect(thread.commit([[insert('a')]])).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
  await database.orm.run('rollback');
  await expect(thread.commit([[insert('a')]])).resolves.toMatchObject([{ ok: true }]);
});

test('one that ends says so at once, and what was under way is rejected', async ({ parts, expect }) => {
  const { thread } = parts;
  const committed = thread.commit([[insert('a')]]);
  await Promise.allSettled([thread.close(), committed]);
  expect(thread.isReady()).toBe(false);
});

test('a database that waits for the disk goes on while its thread starts, and after it', async ({
  parts,
  expect,
}) => {
  const database = await createNodeDatabase({ url: parts.database.url, synchronous: 'full' });
  for (let round = 0; round < 50; round += 1) {
    const ids = Array.from({ length: 8 }, (_, index) => `r${round}-${index}`);
    await Promise.all(ids.map((id) => database.write(insert(id))));
  }
  expect(await database.read('select count(*) as stored from verifications')).toEqual([{ stored: 400 }]);
  await database.close();
});
