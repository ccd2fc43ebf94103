import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { asc, count } from 'drizzle-orm';
import { test } from 'vitest';

import { createNodeDatabase } from './node.ts';
import { jwks, users } from './schema.ts';
import { createTestDatabase } from './testing.ts';

const INSERT =
  "insert into verifications (id, identifier, value, expires_at, created_at, updated_at) values (?1, 'i', ?2, 0, 0, 0)";
const insert = (id: string, value: string | null = 'v') => ({ sql: INSERT, args: [id, value] });

test('a file is in WAL mode with full synchronisation and foreign keys', async ({ expect }) => {
  await using database = await createTestDatabase();
  const [[journal], [sync], [keys]] = await Promise.all([
    database.read('pragma journal_mode'),
    database.read('pragma synchronous'),
    database.read('pragma foreign_keys'),
  ]);
  expect([journal, sync, keys]).toEqual([{ journal_mode: 'wal' }, { synchronous: 1 }, { foreign_keys: 1 }]);
});

test('concurrent writes are all stored, and visible to the query builder', async ({ expect }) => {
  await using database = await createTestDatabase();
  const ids = Array.from({ length: 300 }, (_, index) => `v${index}`);
  await Promise.all(ids.map((id) => database.write(insert(id))));
  expect(await database.read('select count(*) as stored from verifications')).toEqual([{ stored: 300 }]);
});

test('a refused statement fails only its own caller', async ({ expect }) => {
  await using database = await createTestDatabase();
  await database.write(insert('taken'));
  const outcomes = await Promise.allSettled([
    database.write(insert('a')),
    database.write(insert('taken')),
    database.write(insert('b', null)),
    database.write({ sql: 'insert into no_such_table values (1)', args: [] }),
    database.write(insert('c')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'rejected',
    'fulfilled',
  ]);
  const rows = await database.read('select id from verifications order by id');
  expect(rows.map((row) => row['id'])).toEqual(['a', 'c', 'taken']);
});

test('a refusal does not quote the values', async ({ expect }) => {
  await using database = await createTestDatabase();
  await database.write(insert('taken', 'canary-7f3a'));
  const [outcome] = await Promise.allSettled([database.write(insert('taken', 'canary-7f3a'))]);
  expect(outcome?.status).toBe('rejected');
  expect(String(outcome?.status === 'rejected' && outcome.reason)).not.toContain('canary');
});

test('returning gives the rows of the statement that asked', async ({ expect }) => {
  await using database = await createTestDatabase();
  const results = await Promise.all(
    ['x', 'y'].map((id) => database.write({ sql: `${INSERT} returning id`, args: [id, 'v'] })),
  );
  expect(results.map(({ rows }) => rows)).toEqual([[{ id: 'x' }], [{ id: 'y' }]]);
});

test('closing waits for the writes under way', async ({ expect }) => {
  await using database = await createTestDatabase();
  const written = database.write(insert('last'));
  await database.close();
  await expect(written).resolves.toMatchObject({ rowsAffected: 1 });
  const again = await createNodeDatabase({ url: database.url });
  expect(await again.read('select id from verifications')).toEqual([{ id: 'last' }]);
  await again.close();
});

test('migrating again changes nothing, and migrators that race on a fresh file all succeed', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  await database.migrate();
  const url = database.url.replace('test.db', 'fresh.db');
  const script = fileURLToPath(new URL('migrate.ts', import.meta.url));
  const run = promisify(execFile);
  const env = { ...process.env, TURSO_DATABASE_URL: url };
  await Promise.all([0, 1, 2, 3].map(() => run(process.execPath, [script], { env })));
  const fresh = await createNodeDatabase({ url });
  expect(await fresh.orm.select({ stored: count() }).from(users)).toEqual([{ stored: 0 }]);
  expect(await fresh.read('select count(*) as applied from __drizzle_migrations')).toEqual([{ applied: 19 }]);
  await fresh.close();
});

test('the migrate script says why it failed', async ({ expect }) => {
  const script = fileURLToPath(new URL('migrate.ts', import.meta.url));
  const env = { ...process.env, TURSO_DATABASE_URL: 'file:/nonexistent-folder/x.db' };
  const outcome = await promisify(execFile)(process.execPath, [script], { env }).catch(
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Migration failed:.*unable to open/is),
  });
});

test('the query builder reads dates and booleans back as such', async ({ expect }) => {
  await using database = await createTestDatabase();
  const createdAt = new Date(1_700_000_000_123);
  await database.orm.insert(jwks).values({ id: 'k', publicKey: '{}', privateKey: '{}', createdAt });
  const [row] = await database.orm.select().from(jwks).orderBy(asc(jwks.id));
  expect(row?.createdAt).toEqual(createdAt);
});
