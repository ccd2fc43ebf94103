// Security 92: what somebody with direct access does to the rows is found, and the first bad one is named.
import { createHash } from 'node:crypto';

import { createChainReader, findMissingTail, formatLink, readChainEnd } from '@ephemera/db';
import { createTestDatabase } from '@ephemera/db/testing';
import type { TestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { entry, verify } from './audit-entries.ts';

const COUNT = 1_200;
const TRIGGERS = ['chained', 'from_one', 'no_replace', 'no_update', 'no_delete'];
const COLUMNS = 'id, at, actor_kind, actor_id, action, target, result, request_id, ip_prefix, details, hash';

/** More than one page of entries, without what keeps people from changing them. */
async function openUnguarded(count = COUNT): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await Promise.all(
    Array.from({ length: count }, (_, index) => database.write(entry(`e${index + 1}`, { at: index }))),
  );
  for (const name of TRIGGERS) await database.write({ sql: `drop trigger audit_entries_${name}`, args: [] });
  return database;
}

for (const { name, sqls, broken } of [
  {
    name: 'a changed field',
    sqls: ["update audit_entries set result = 'denied' where seq = 700"],
    broken: { seq: 700, id: 'e700', reason: 'hash_mismatch' },
  },
  ...[
    'id',
    'at',
    'actor_kind',
    'actor_id',
    'action',
    'target',
    'request_id',
    'ip_prefix',
    'details',
    'hash',
  ].map((column) => ({
    name: `another ${column}`,
    sqls: [
      `update audit_entries set ${column} = ${column === 'at' ? 'at + 1' : `${column} || 'x'`} where seq = 3`,
    ],
    broken: { seq: 3, id: column === 'id' ? 'e3x' : 'e3', reason: 'hash_mismatch' },
  })),
  {
    name: 'a hash that is taken away',
    sqls: ['update audit_entries set hash = null where seq = 700'],
    broken: { seq: 700, id: 'e700', reason: 'hash_missing' },
  },
  {
    name: 'a deleted entry',
    sqls: ['delete from audit_entries where seq = 700'],
    broken: { seq: 701, id: 'e701', reason: 'entries_missing' },
  },
  {
    name: 'a deleted entry behind which all are moved up',
    sqls: [
      'delete from audit_entries where seq = 700',
      'update audit_entries set seq = seq - 1 where seq > 700',
    ],
    broken: { seq: 700, id: 'e701', reason: 'hash_mismatch' },
  },
  {
    name: 'the first ones deleted',
    sqls: ['delete from audit_entries where seq <= 10'],
    broken: { seq: 11, id: 'e11', reason: 'hash_mismatch' },
  },
  {
    name: 'an entry added at the end with a hash of its own',
    sqls: [
      `insert into audit_entries (${COLUMNS}) select 'new', at, actor_kind, actor_id, action, target, result,
        request_id, ip_prefix, details, hash from audit_entries where seq = 1200`,
    ],
    broken: { seq: 1_201, id: 'new', reason: 'hash_mismatch' },
  },
  {
    name: 'an entry put in between',
    sqls: [
      'update audit_entries set seq = -seq - 1 where seq >= 700',
      'update audit_entries set seq = -seq where seq < 0',
      `insert into audit_entries select 700, 'new', at, actor_kind, actor_id, action, target, result,
        request_id, ip_prefix, details, hash from audit_entries where seq = 699`,
    ],
    broken: { seq: 700, id: 'new', reason: 'hash_mismatch' },
  },
  {
    name: 'an entry put in before the first',
    sqls: [
      `insert into audit_entries select -1, 'new', at, actor_kind, actor_id, action, target, result,
        request_id, ip_prefix, details, hash from audit_entries where seq = 699`,
    ],
    broken: { seq: -1, id: 'new', reason: 'hash_mismatch' },
  },
  {
    name: 'two entries in the other order',
    sqls: [
      'update audit_entries set seq = -1 where seq = 700',
      'update audit_entries set seq = 700 where seq = 701',
      'update audit_entries set seq = 701 where seq = -1',
    ],
    broken: { seq: 700, id: 'e701', reason: 'hash_mismatch' },
  },
]) {
  test(`${name} is found`, async ({ expect }) => {
    await using database = await openUnguarded();
    for (const sql of sqls) await database.write({ sql, args: [] });

    expect(await verify(database)).toMatchObject({
      broken,
      position: { seq: broken.seq > 10 ? expect.any(Number) : Math.max(0, broken.seq - 1) },
    });
  });
}

test('a cut tail is remembered by the database itself, unless that was changed as well', async ({
  expect,
}) => {
  await using database = await openUnguarded(20);
  await database.write({ sql: 'delete from audit_entries where seq > 15', args: [] });

  expect(await verify(database)).toMatchObject({ broken: null, position: { seq: 15 } });
  expect(findMissingTail(await readChainEnd(database))).toEqual({
    seq: 16,
    id: null,
    reason: 'tail_missing',
  });
  // What is written next does not hide it.
  await database.write(entry('later'));
  expect(await verify(database)).toMatchObject({
    broken: { seq: 21, id: 'later', reason: 'entries_missing' },
  });

  await database.write({ sql: "delete from audit_entries where id = 'later'", args: [] });
  await database.write({ sql: "update sqlite_sequence set seq = 15 where name = 'audit_entries'", args: [] });
  expect(findMissingTail(await readChainEnd(database))).toBeNull();
});

test('a chain written anew from a changed entry on holds by itself: that is what checkpoints are for', async ({
  expect,
}) => {
  await using database = await openUnguarded(20);
  const readPage = createChainReader(database);
  const before = await readChainEnd(database);
  await database.write({ sql: "update audit_entries set target = 'forged' where seq = 10", args: [] });
  let [previous] = (await readPage(8, 1)).map(({ hash }) => hash ?? '');
  for (const it of await readPage(9, 100)) {
    previous = createHash('sha256')
      .update(formatLink(previous ?? '', it))
      .digest('hex');
    await database.write({
      sql: 'update audit_entries set hash = ?1 where seq = ?2',
      args: [previous, it.seq],
    });
  }

  expect(await verify(database)).toMatchObject({ broken: null, position: { seq: 20 } });
  expect((await readChainEnd(database)).lastHash).not.toBe(before.lastHash);
});

test('entries from before the chain are counted apart, and verification goes on where it stopped', async ({
  expect,
}) => {
  await using database = await openUnguarded(0);
  const old = `insert into audit_entries (id, at, actor_kind, action, result, request_id) values (?1, 0, 'system', 'x', 'ok', 'r')`;
  for (const id of ['old1', 'old2']) await database.write({ sql: old, args: [id] });
  for (const id of ['a', 'b', 'c']) await database.write(entry(id));

  expect(await verify(database)).toMatchObject({
    broken: null,
    isComplete: true,
    position: { seq: 5, unchained: 2, chained: 3 },
  });
});

test('a chain whose every hash was taken away is no chain from before there was one', async ({ expect }) => {
  await using database = await openUnguarded(0);
  for (const id of ['a', 'b', 'c']) await database.write(entry(id, { at: 1_795_324_798_273 }));
  await database.write({ sql: 'update audit_entries set hash = null', args: [] });

  expect(await verify(database)).toMatchObject({ broken: { seq: 1, id: 'a', reason: 'hash_missing' } });
});
