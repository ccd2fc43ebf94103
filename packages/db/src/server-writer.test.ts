import { LibsqlError } from '@libsql/client';
import type { InStatement, ResultSet } from '@libsql/client';
import { test } from 'vitest';

import { createServerCommit } from './server-writer.ts';

const RESULT: ResultSet = {
  columns: [],
  columnTypes: [],
  rows: [],
  rowsAffected: 1,
  lastInsertRowid: undefined,
  toJSON: () => ({}),
};

function createClient(refuse: (statements: InStatement[]) => Error | null) {
  const batches: string[][] = [];
  return {
    batches,
    batch: async (statements: (InStatement | [string, unknown?])[]): Promise<ResultSet[]> => {
      const plain = statements.filter(
        (one): one is Exclude<InStatement, string> => typeof one === 'object' && 'sql' in one,
      );
      batches.push(plain.map(({ sql }) => sql));
      const error = refuse(plain);
      if (error !== null) throw error;
      return plain.map(() => RESULT);
    },
    execute: async (): Promise<ResultSet> => RESULT,
    transaction: async (): Promise<never> => {
      throw new Error('No entries of the audit here.');
    },
  };
}

const statement = (sql: string) => ({ sql, args: [] });
const isBad = (one: InStatement): boolean => typeof one === 'object' && one.sql === 'bad';

test('one refused statement fails only its own caller', async ({ expect }) => {
  const client = createClient((statements) =>
    statements.some(isBad) ? new LibsqlError('UNIQUE constraint failed', 'SQLITE_CONSTRAINT') : null,
  );
  const outcomes = await createServerCommit(client)([[statement('a')], [statement('bad')], [statement('b')]]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
  expect(client.batches).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
});

test('a batch that may have been committed is not run again', async ({ expect }) => {
  const client = createClient(() => new TypeError('fetch failed'));
  await expect(createServerCommit(client)([[statement('a')], [statement('b')]])).rejects.toThrow(
    'fetch failed',
  );
  expect(client.batches).toHaveLength(1);
});

test('a unit with a refused statement fails as a whole, the others go on', async ({ expect }) => {
  const client = createClient((statements) =>
    statements.some(isBad) ? new LibsqlError('UNIQUE constraint failed', 'SQLITE_CONSTRAINT') : null,
  );
  const outcomes = await createServerCommit(client)([
    [statement('a'), statement('b')],
    [statement('c'), statement('bad')],
  ]);
  expect(outcomes).toMatchObject([{ ok: true, results: [RESULT, RESULT] }, { ok: false }]);
  expect(client.batches).toEqual([
    ['a', 'b', 'c', 'bad'],
    ['a', 'b'],
    ['c', 'bad'],
  ]);
});
