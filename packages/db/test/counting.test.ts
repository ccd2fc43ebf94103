import type { Database, UpstreamAttempt } from '@ephemera/db';
import { countSessionUses } from '@ephemera/db';
import { createNodeDatabase } from '@ephemera/db/node';
import { createTestDatabase } from '@ephemera/db/testing';
import { createWebDatabase } from '@ephemera/db/web';
import { describe, test } from 'vitest';

import {
  HOUR_MS,
  insertKey,
  insertReport,
  insertSession,
  loseTry,
  NOON_MS,
  readCounts,
} from './provider-keys.ts';
import { startSqld } from './sqld.ts';

type Opened = { database: Database; close: () => Promise<void> };

async function openFile(): Promise<Opened> {
  const database = await createTestDatabase();
  return {
    database,
    close: async () => {
      await database[Symbol.asyncDispose]();
    },
  };
}

async function openServer(isWorkers: boolean): Promise<Opened> {
  const server = await startSqld();
  const node = await createNodeDatabase({ url: server.url });
  await node.migrate();
  const database = isWorkers ? createWebDatabase({ url: server.url }) : node;
  return {
    database,
    close: async () => {
      await database.close();
      if (isWorkers) await node.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const HOSTS = [
  { host: 'a file', open: openFile },
  { host: 'a server, from Node', open: () => openServer(false) },
  { host: 'a server, from Workers', open: () => openServer(true) },
];

const isRefused = ({ status }: PromiseSettledResult<unknown>): boolean => status === 'rejected';
const VERIFY = (id: string) => ({
  sql: "insert into verifications (id, identifier, value, expires_at, created_at, updated_at) values (?1, '', '', 0, 0, 0)",
  args: [id],
});

describe.each(HOSTS)('on $host', ({ open }) => {
  const withDatabase = test.extend<{ database: Database }>({
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the dependencies of a fixture from this pattern
    database: async ({}, use) => {
      const { database, close } = await open();
      await use(database);
      await close();
    },
  });

  withDatabase('a report counts once, however often it is sent', async ({ database, expect }) => {
    await database.write(insertKey('k'));
    const report = insertReport({ keyId: 'k', idempotencyKey: 'one' });
    const results = await Promise.all([0, 1, 2].map(() => database.write(report)));
    expect(results.map(({ rowsAffected }) => rowsAffected).toSorted((one, other) => one - other)).toEqual([
      0, 0, 1,
    ]);
    await database.write(insertReport({ keyId: 'k', idempotencyKey: 'two', error: 'boom' }));
    expect(await readCounts(database)).toEqual([{ id: 'k', uses: 2, errors: 1, hourUses: 2, hourErrors: 1 }]);
  });

  withDatabase('a use counts in the hour in which it happened', async ({ database, expect }) => {
    await database.write(insertKey('k'));
    const times = [NOON_MS - 1, NOON_MS, NOON_MS + HOUR_MS - 1, NOON_MS + HOUR_MS];
    for (const [index, atMs] of times.entries())
      await database.write(
        insertReport({ keyId: 'k', idempotencyKey: `${index}`, atMs, error: index === 3 ? 'boom' : null }),
      );
    await database.write(insertSession({ id: 'late', keyId: 'k', atMs: NOON_MS - 1 }));
    await countSessionUses(database);
    const hours = await database.read('select * from provider_key_hours order by hour_start');
    expect(hours.map((row) => [row['hour_start'], row['uses'], row['errors']])).toEqual([
      [NOON_MS - HOUR_MS, 2, 0],
      [NOON_MS, 2, 0],
      [NOON_MS + HOUR_MS, 1, 1],
    ]);
  });

  withDatabase('a report that comes late does not hide a later error', async ({ database, expect }) => {
    await database.write(insertKey('k'));
    const at = (idempotencyKey: string, error: string | null, atMs: number) =>
      database.write(insertReport({ keyId: 'k', idempotencyKey, error, atMs }));
    await at('a', 'later', NOON_MS + 10);
    await at('b', 'earlier', NOON_MS);
    await at('c', null, NOON_MS + 20);
    await at('d', null, NOON_MS + 5);
    expect(
      await database.read('select last_used_at, last_error, last_error_at from provider_keys'),
    ).toMatchObject([{ last_used_at: NOON_MS + 20, last_error: 'later', last_error_at: NOON_MS + 10 }]);
  });

  withDatabase(
    'a mint under way is passed over by nobody: what comes after it waits',
    async ({ database, expect }) => {
      await database.write(insertKey('k'));
      await database.write(insertSession({ id: 'a', keyId: 'k' }));
      await database.write(insertSession({ id: 'under way', keyId: null, state: 'admitted' }));
      await database.write(insertSession({ id: 'b', keyId: 'k' }));
      const read = () => database.read('select usage_count as uses from provider_keys');
      await countSessionUses(database);
      expect(await read()).toEqual([{ uses: 1 }]);
      const attempts = JSON.stringify([{ status: 200, code: null, durationMs: 1, keyId: 'k' }]);
      await database.write({
        sql: "update sessions set state = 'issued', provider_key_id = 'k', attempts = ?1 where state = 'admitted'",
        args: [attempts],
      });
      await Promise.all([0, 1, 2].map(() => countSessionUses(database)));
      expect(await read()).toEqual([{ uses: 3 }]);
    },
  );

  withDatabase(
    'a session is one use of its key, however often it is counted',
    async ({ database, expect }) => {
      await database.write(insertKey('k'));
      const outcomes = await Promise.allSettled([
        database.write(insertSession({ id: 'a', keyId: 'k' })),
        database.write(insertSession({ id: 'b', keyId: 'k' })),
        database.write(insertSession({ id: 'failed', keyId: null })),
        database.write(insertSession({ id: 'no state', keyId: 'k', state: null })),
        database.write(insertSession({ id: 'of a deleted key', keyId: 'gone' })),
      ]);
      expect(outcomes.map(isRefused)).toEqual([false, false, false, true, false]);
      await database.write({ sql: "update sessions set state = 'ended'", args: [] });
      await Promise.all([0, 1, 2].map(() => countSessionUses(database)));
      // Its id is older than those counted: what is committed later still counts.
      await database.write(insertSession({ id: '0 late', keyId: 'k', atMs: NOON_MS + 5 }));
      expect(await readCounts(database)).toEqual([
        { id: 'k', uses: 3, errors: 0, hourUses: 3, hourErrors: 0 },
      ]);
      expect(await database.read('select last_used_at from provider_keys')).toMatchObject([
        { last_used_at: NOON_MS + 5 },
      ]);
      expect(await database.read("select * from provider_key_hours where key_id = 'gone'")).toEqual([]);
    },
  );

  withDatabase(
    'every try of a mint counts for its own key, whatever became of the mint',
    async ({ database, expect }) => {
      for (const id of ['a', 'b']) await database.write(insertKey(id));
      const refused: UpstreamAttempt = { status: 422, code: null, durationMs: 1, keyId: 'b' };
      await database.write(
        insertSession({ id: 'saved', keyId: 'b', lost: [loseTry('a', 429, 'rate_limit_exceeded')] }),
      );
      await database.write(
        insertSession({
          id: 'given up',
          keyId: null,
          state: 'failed',
          atMs: NOON_MS + HOUR_MS,
          lost: [loseTry('a', null, 'timeout'), loseTry('gone', 500, null), loseTry('a', 500, null)],
        }),
      );
      await database.write(insertSession({ id: 'refused', keyId: null, state: 'failed', lost: [refused] }));
      await Promise.all([0, 1].map(() => countSessionUses(database)));
      expect(await readCounts(database)).toEqual([
        { id: 'a', uses: 3, errors: 3, hourUses: 3, hourErrors: 3 },
        { id: 'b', uses: 2, errors: 0, hourUses: 2, hourErrors: 0 },
      ]);
      expect(
        await database.read('select last_used_at, last_error, last_error_at from provider_keys order by id'),
      ).toMatchObject([
        { last_used_at: NOON_MS + HOUR_MS, last_error: '500', last_error_at: NOON_MS + HOUR_MS },
        { last_used_at: NOON_MS, last_error: null, last_error_at: null },
      ]);
      // Of an error that is older than the one known, the count alone is news.
      await database.write(insertSession({ id: 'late', keyId: 'b', lost: [loseTry('a', 429, 'x')] }));
      await countSessionUses(database);
      expect(
        await database.read("select error_count, last_error from provider_keys where id = 'a'"),
      ).toMatchObject([{ error_count: 4, last_error: '500' }]);
      expect(await database.read("select * from provider_key_hours where key_id = 'gone'")).toEqual([]);
    },
  );

  withDatabase('reports and sessions of one key add up', async ({ database, expect }) => {
    await database.write(insertKey('k'));
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => [
        database.write(insertSession({ id: `${index}`, keyId: 'k', atMs: NOON_MS + index * HOUR_MS })),
        database.write(insertReport({ keyId: 'k', idempotencyKey: `${index}`, error: 'boom' })),
        countSessionUses(database),
      ]).flat(),
    );
    expect(await readCounts(database)).toEqual([
      { id: 'k', uses: 80, errors: 40, hourUses: 80, hourErrors: 40 },
    ]);
  });

  withDatabase('a key that is deleted takes its hours along', async ({ database, expect }) => {
    for (const id of ['k', 'other']) {
      await database.write(insertKey(id));
      await database.write(insertReport({ keyId: id, idempotencyKey: id }));
    }
    await database.write({ sql: "delete from provider_keys where id = 'k'", args: [] });
    const hours = await database.read('select key_id from provider_key_hours');
    expect(hours.map((row) => row['key_id'])).toEqual(['other']);
  });

  withDatabase(
    'a unit takes effect as a whole or not at all, its neighbours by themselves',
    async ({ database, expect }) => {
      // First, since the requests of Workers arrive in any order.
      await database.write(VERIFY('before'));
      const outcomes = await Promise.allSettled([
        database.writeAll([VERIFY('a'), VERIFY('b')]),
        database.writeAll([VERIFY('c'), VERIFY('before'), VERIFY('d')]),
        database.writeAll([VERIFY('e'), { sql: 'insert into no_such_table values (1)', args: [] }]),
        database.writeAll([]),
        database.write(VERIFY('after')),
      ]);
      expect(outcomes.map(isRefused)).toEqual([false, true, true, false, false]);
      expect(outcomes[0]).toMatchObject({ value: [{ rowsAffected: 1 }, { rowsAffected: 1 }] });
      expect(outcomes[3]).toMatchObject({ value: [] });
      // Alone in its transaction too.
      await expect(database.writeAll([VERIFY('f'), VERIFY('before')])).rejects.toThrow();
      const rows = await database.read('select id from verifications order by id');
      expect(rows.map((row) => row['id'])).toEqual(['a', 'after', 'b', 'before']);
    },
  );

  withDatabase('a statement of a unit can depend on the one before it', async ({ database, expect }) => {
    await database.write(insertKey('k'));
    const ifChanged = {
      sql: "insert into verifications select 'v' || ?1, '', '', 0, 0, 0 where changes() > 0",
      args: [],
    };
    const note = (id: string) => ({ ...ifChanged, args: [id] });
    const report = insertReport({ keyId: 'k', idempotencyKey: 'one', error: 'boom' });
    const first = await database.writeAll([report, note('1'), note('2')]);
    const again = await database.writeAll([report, note('3'), note('4')]);
    expect([first, again].map((results) => results.map(({ rowsAffected }) => rowsAffected))).toEqual([
      [1, 1, 1],
      [0, 0, 0],
    ]);
  });
});
