import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { auditEntryStatement } from '@ephemera/db';
import { createNodeDatabase, type NodeDatabase } from '@ephemera/db/node';
import { test as base } from 'vitest';

import { runAudit } from '../src/audit/run-audit.ts';
import { startRealHost } from './support/real-host.ts';
import { runHere, type Session } from './support/run-here.ts';
import { KEY } from './support/fake-broker.ts';
import { runProcess } from './support/run-process.ts';

type Host = Awaited<ReturnType<typeof startRealHost>>;
type Audit = (args: readonly string[], env?: Record<string, string>) => ReturnType<typeof runHere>;
type Fixtures = { host: Host; folder: string; database: NodeDatabase; audit: Audit };

const test = base.extend<Fixtures>({
  host: [
    // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
    async ({}, use) => {
      await using host = await startRealHost();
      for (const name of ['one', 'two', 'three']) {
        const args = ['add', '--provider', 'gemini', '--name', name];
        await runProcess({ args, env: { DATA_DIR: host.folder }, beforeInput: () => `${KEY}-${name}` });
      }
      await use(host);
    },
    { scope: 'file' },
  ],
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ephemera-audit-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
  /** Twenty entries in a database of this test. */
  database: async ({ folder }, use) => {
    const database = await createNodeDatabase({ url: `file:${join(folder, 'own.db')}` });
    await database.migrate();
    for (let index = 1; index <= 20; index += 1) {
      await database.write(
        auditEntryStatement({
          id: `aud_${index}`,
          at: index,
          actorKind: 'system',
          actorId: null,
          action: 'provider_key.recover',
          target: 'pkey_1',
          result: 'ok',
          requestId: 'pool',
          ipPrefix: null,
          details: null,
        }),
      );
    }
    for (const name of ['no_update', 'no_delete'])
      await database.write({ sql: `drop trigger audit_entries_${name}`, args: [] });
    await use(database);
    await database.close();
  },
  audit: async ({ folder }, use) => {
    await use((args, env = { TURSO_DATABASE_URL: `file:${join(folder, 'own.db')}` }) =>
      runHere({ args, env, callersFolder: folder, run: runAudit } satisfies Session),
    );
  },
});

const change = (sql: string) => ({ sql, args: [] });

test('the chain of a running broker holds, and its checkpoint fits', async ({
  host,
  audit,
  folder,
  expect,
}) => {
  const env = { DATA_DIR: host.folder };
  expect(await audit(['checkpoint', '--file', 'kept.json'], env)).toMatchObject({ code: 0, stdout: '' });
  const kept: { seq: number; publicKey: string } = JSON.parse(
    await readFile(join(folder, 'kept.json'), 'utf8'),
  );

  const throughBroker = await audit(['verify', '--checkpoint', 'kept.json'], env);
  const direct = await audit(['verify', '--checkpoint', 'kept.json'], {
    TURSO_DATABASE_URL: `file:${join(host.folder, 'ephemera.db')}`,
    AUDIT_PUBLIC_KEY: kept.publicKey,
  });

  expect(throughBroker).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^The chain holds: \d+ entries in the broker/),
  });
  expect(direct).toMatchObject({ code: 0, stdout: expect.stringContaining('in the database') });
  expect(direct.stdout).toContain(`at entry ${kept.seq}.`);
  expect(await audit(['checkpoint', '--file', 'kept.json'], env)).toMatchObject({ code: 2 });
});

test('the export of a broker and of its database are the same lines', async ({
  host,
  audit,
  folder,
  expect,
}) => {
  await audit(['export', '--file', 'lines.jsonl'], { DATA_DIR: host.folder });
  const { stdout } = await audit(['export'], {
    TURSO_DATABASE_URL: `file:${join(host.folder, 'ephemera.db')}`,
  });

  const lines = await readFile(join(folder, 'lines.jsonl'), 'utf8');
  expect(lines.split('\n').length).toBeGreaterThan(3);
  expect(stdout.startsWith(lines)).toBe(true);
  expect(lines).toContain('"action":"provider_key.add"');
  expect(lines).not.toContain(KEY);
});

test('a whole chain ends with 0, in words and as JSON', async ({ database, audit, expect }) => {
  expect(await database.read('select count(*) as n from audit_entries')).toEqual([{ n: 20 }]);
  expect(await audit(['verify'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^The chain holds: 20 entries in the database, up to entry 20 \([\da-f]{64}\)\.\n$/,
    ),
  });
  const { stdout } = await audit(['verify', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ position: { seq: 20, chained: 20 }, broken: null });
});

for (const { name, sql, told } of [
  {
    name: 'a changed entry',
    sql: "update audit_entries set result = 'denied' where seq = 7",
    told: 'Broken at entry 7 (aud_7)',
  },
  {
    name: 'a deleted entry',
    sql: 'delete from audit_entries where seq = 7',
    told: 'Broken at entry 8 (aud_8)',
  },
  {
    name: 'a hash taken away',
    sql: 'update audit_entries set hash = null where seq = 7',
    told: 'Broken at entry 7 (aud_7)',
  },
  {
    name: 'a cut tail',
    sql: 'delete from audit_entries where seq > 6',
    told: 'Broken at entry 7: it was there, and is gone',
  },
]) {
  test(`${name} ends with 1 and is named`, async ({ database, audit, expect }) => {
    await database.write(change(sql));

    const { code, stdout } = await audit(['verify']);

    expect(code).toBe(1);
    expect(stdout).toContain(told);
    expect(stdout).toMatch(/holds up to entry [67]\.\n/);
  });
}

/** A checkpoint of the running broker, as if it were of this test's own database. */
async function forge(folder: string, changes: object, host: Host): Promise<void> {
  const path = join(folder, 'real.json');
  await runHere({
    args: ['checkpoint', '--file', path],
    env: { DATA_DIR: host.folder },
    run: runAudit,
  });
  await writeFile(
    join(folder, 'forged.json'),
    JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...changes }),
  );
}

test('a tail that the database has forgotten, and a chain written anew, are shown by a checkpoint', async ({
  host,
  database,
  audit,
  folder,
  expect,
}) => {
  // The broker's checkpoint is of entry 3: here there is another one, and then none.
  await forge(folder, {}, host);
  expect(await audit(['verify', '--checkpoint', 'forged.json'])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/Broken at entry \d+ \(aud_\d+\): it is another one/),
  });
  await database.write(change('delete from audit_entries'));
  await database.write(change("update sqlite_sequence set seq = 0 where name = 'audit_entries'"));
  expect(await audit(['verify'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('no chained entry'),
  });
  expect(await audit(['verify', '--checkpoint', 'forged.json'])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/Broken at entry \d+: it was there, and is gone/),
  });
});

test('a checkpoint that was changed, of another key, or none at all is refused', async ({
  host,
  database,
  audit,
  folder,
  expect,
}) => {
  expect(await database.read('select 1 as one')).toEqual([{ one: 1 }]);
  await forge(folder, { seq: 1 }, host);
  expect(await audit(['verify', '--checkpoint', 'forged.json'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has been changed'),
  });
  const own = { TURSO_DATABASE_URL: `file:${join(folder, 'own.db')}`, AUDIT_PUBLIC_KEY: 'another' };
  expect(await audit(['verify', '--checkpoint', 'real.json'], own)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('another key'),
  });
  await writeFile(join(folder, 'none.json'), '{"seq":"x"}');
  expect(await audit(['verify', '--checkpoint', 'none.json'])).toMatchObject({ code: 2 });
  expect(await audit(['verify', '--checkpoint', 'missing.json'])).toMatchObject({ code: 5 });
});

test('a database that cannot be read is told as such, and none is made', async ({
  audit,
  folder,
  expect,
}) => {
  const missing = `file:${join(folder, 'missing.db')}`;
  expect(await audit(['verify'], { TURSO_DATABASE_URL: missing })).toMatchObject({ code: 4 });
  await writeFile(join(folder, 'empty.db'), '');
  expect(await audit(['verify'], { TURSO_DATABASE_URL: `file:${join(folder, 'empty.db')}` })).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('cannot be read'),
  });
  expect(await audit(['verify'], {})).toMatchObject({ code: 4 });
});

test('help tells each command', async ({ audit, expect }) => {
  for (const args of [['--help'], ['verify', '--help'], ['checkpoint', '--help'], ['export', '--help']])
    expect(await audit(args)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('npm run audit -- '),
    });
  expect(await audit(['verfy'])).toMatchObject({ code: 2 });
});
