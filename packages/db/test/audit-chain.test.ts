import { createHash } from 'node:crypto';

import type { Database } from '@ephemera/db';
import { createNodeDatabase } from '@ephemera/db/node';
import { createTestDatabase } from '@ephemera/db/testing';
import { createWebDatabase } from '@ephemera/db/web';
import { test } from 'vitest';
import type { ExpectStatic } from 'vitest';

import { entry, entryIfChanged, listIds, verify } from './audit-entries.ts';
import { HOSTS } from './databases.ts';
import { insertKey } from './provider-keys.ts';

const rename = (id: string, name: string) => ({
  sql: 'update provider_keys set name = ?2 where id = ?1',
  args: [id, name],
});

async function expectWhole(database: Database, entries: number, expect: ExpectStatic): Promise<void> {
  expect(await verify(database)).toMatchObject({
    broken: null,
    isComplete: true,
    position: { seq: entries, chained: entries, unchained: 0 },
  });
}

test.for(HOSTS)(
  '$host: entries of many callers at once make one chain, whatever each unit came to',
  async ({ open }, { expect }) => {
    await using shared = await open();
    const { database } = shared;
    await database.write(insertKey('k'));
    const outcomes = await Promise.allSettled([
      database.write(entry('alone')),
      database.writeAll([entry('a'), rename('k', 'one'), entryIfChanged('b')]),
      database.writeAll([rename('nobody', 'two'), entryIfChanged('never'), entry('c')]),
      database.writeAll([entry('refused'), insertKey('k'), entry('refused too')]),
      database.write(rename('k', 'three')),
      database.writeAll([
        rename('k', 'four'),
        entryIfChanged('d'),
        rename('nobody', 'five'),
        entryIfChanged('never either'),
        rename('k', 'six'),
        entryIfChanged('e'),
      ]),
      ...Array.from({ length: 20 }, (_, index) =>
        database.writeAll([rename(index % 2 === 0 ? 'k' : 'nobody', 'x'), entryIfChanged(`n${index}`)]),
      ),
    ]);

    const refused = outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
    expect(refused).toEqual([3]);
    const even = Array.from({ length: 10 }, (_, index) => `n${index * 2}`);
    expect((await listIds(database)).toSorted()).toEqual(
      ['a', 'alone', 'b', 'c', 'd', 'e', ...even].toSorted(),
    );
    await expectWhole(database, 16, expect);
  },
);

test.for(HOSTS)(
  '$host: an entry that is stored tells the statement after it so, and one that is not as well',
  async ({ open }, { expect }) => {
    await using shared = await open();
    await shared.database.write(insertKey('k'));
    const note = {
      sql: `insert into verifications (id, identifier, value, expires_at, created_at, updated_at)
        select ?1, 'i', 'v', 0, 0, 0 where changes() > 0`,
      args: ['noted'],
    };
    const first = await shared.database.writeAll([rename('k', 'one'), entryIfChanged('a'), note]);
    const second = await shared.database.writeAll([
      rename('nobody', 'one'),
      entryIfChanged('b'),
      { ...note, args: ['not noted'] },
    ]);

    expect(first.map(({ rowsAffected }) => rowsAffected)).toEqual([1, 1, 1]);
    expect(second.map(({ rowsAffected }) => rowsAffected)).toEqual([0, 0, 0]);
    await expectWhole(shared.database, 1, expect);
  },
);

test.for(HOSTS)(
  '$host: a unit with a dozen conditional entries is still one unit',
  async ({ open }, { expect }) => {
    await using shared = await open();
    const { database } = shared;
    await database.write(insertKey('k'));
    const unit = Array.from({ length: 12 }, (_, index) => [
      rename(index % 3 === 0 ? 'nobody' : 'k', `${index}`),
      entryIfChanged(`n${index}`),
    ]).flat();

    const results = await database.writeAll(unit);
    await expect(database.writeAll([...unit.map(again), insertKey('k')])).rejects.toThrow();

    expect(results.map(({ rowsAffected }) => rowsAffected)).toHaveLength(24);
    expect(await listIds(database)).toHaveLength(8);
    await expectWhole(database, 8, expect);
  },
);

function again(statement: ReturnType<typeof entry>): ReturnType<typeof entry> {
  return statement.audit === undefined ? statement : entryIfChanged(`again ${statement.audit.record.id}`);
}

test.for(HOSTS)(
  '$host: what the database would store differently is hashed as it is stored',
  async ({ open }, { expect }) => {
    await using shared = await open();
    const text = 'nul \u0000 half \uD800 line \u2028 quote " back \\ emoji 🦊';
    await shared.database.write(
      entry('odd', { target: text, actorId: text, details: JSON.stringify({ text }) }),
    );
    await shared.database.write(
      entry('bare', { target: null, actorId: null, ipPrefix: null, details: null }),
    );

    await expectWhole(shared.database, 2, expect);
  },
);

test('instances that write in turns on one server follow each other', async ({ expect }) => {
  const [, , onServer] = HOSTS;
  if (onServer === undefined) throw new Error('no server');
  await using shared = await onServer.open();
  const others = [
    createWebDatabase({ url: shared.url }),
    createWebDatabase({ url: shared.url }),
    await createNodeDatabase({ url: shared.url }),
  ];
  for (const round of [0, 1, 2])
    for (const [index, other] of others.entries()) await other.write(entry(`turn ${round} ${index}`));
  await Promise.all(
    others.flatMap((other, index) =>
      Array.from({ length: 15 }, (_, at) => other.write(entry(`at once ${index} ${at}`))),
    ),
  );

  await expectWhole(shared.database, 9 + 45, expect);
  for (const other of others) await other.close();
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

test('a stranger can compute the hashes from what is documented', async ({ expect }) => {
  await using database = await createTestDatabase();
  await database.write(entry('first'));
  await database.write(entry('second', { target: null }));
  const rest = '1795323724793,"operator","user-op","provider_key.test"';
  const end = String.raw`"ok","req_1","192.0.2.0/24","{\"code\":\"ü\\n\"}"]`;
  const first = sha256(`${'0'.repeat(64)}\n["first",${rest},"pkey_1",${end}`);
  const second = sha256(`${first}\n["second",${rest},null,${end}`);

  expect(await database.read('select hash from audit_entries order by seq')).toEqual([
    { hash: first },
    { hash: second },
  ]);
});

const APPEND_ONLY = /append-only/;
for (const { name, sql, message } of [
  { name: 'changed', sql: "update audit_entries set result = 'ok' where id = 'b'", message: APPEND_ONLY },
  { name: 'deleted', sql: "delete from audit_entries where id = 'b'", message: APPEND_ONLY },
  { name: 'emptied', sql: 'delete from audit_entries', message: APPEND_ONLY },
  {
    name: 'replaced',
    sql: `insert or replace into audit_entries select seq, id, at, actor_kind, actor_id, action, target, 'failed',
      request_id, ip_prefix, details, hash from audit_entries where id = 'b'`,
    message: APPEND_ONLY,
  },
  {
    name: 'put in between',
    sql: `insert into audit_entries select seq - 1, 'z', at, actor_kind, actor_id, action, target, result,
      request_id, ip_prefix, details, hash from audit_entries where id = 'b'`,
    message: APPEND_ONLY,
  },
  {
    name: 'put in before the first',
    sql: `insert into audit_entries select -1, 'z', at, actor_kind, actor_id, action, target, result,
      request_id, ip_prefix, details, hash from audit_entries where id = 'b'`,
    message: APPEND_ONLY,
  },
  {
    name: 'added without a hash',
    sql: `insert into audit_entries (id, at, actor_kind, action, result, request_id)
      values ('z', 0, 'system', 'x', 'ok', 'r')`,
    message: /audit head moved/,
  },
]) {
  test(`an entry cannot be ${name} by plain SQL`, async ({ expect }) => {
    await using database = await createTestDatabase();
    for (const id of ['a', 'b', 'c']) await database.write(entry(id));

    await expect(database.write({ sql, args: [] })).rejects.toThrow(message);

    await expectWhole(database, 3, expect);
  });
}
