import { fileURLToPath } from 'node:url';

import { createNodeDatabase } from '@ephemera/db/node';
import type { NodeDatabase } from '@ephemera/db/node';
import { createTestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { insertKey, readCounts } from './provider-keys.ts';
import { runAtOnce } from './run-at-once.ts';
import { startSqld } from './sqld.ts';

const CALLER = fileURLToPath(new URL('concurrent-caller.ts', import.meta.url));
const PROCESSES = Array.from({ length: 10 }, (_, index) => `p${index}`);
const EACH = 50;

type Shared = AsyncDisposable & { url: string; database: NodeDatabase };

async function openFile(): Promise<Shared> {
  const database = await createTestDatabase();
  return { url: database.url, database, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

async function openServer(): Promise<Shared> {
  const server = await startSqld();
  const database = await createNodeDatabase({ url: server.url });
  await database.migrate();
  return {
    url: server.url,
    database,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** As the caller does it: every tenth is the same report in all processes, each fifth is an error. */
const isShared = (index: number): boolean => index % 10 === 0;
const isError = (index: number): boolean => index % 5 === 0;
const times = (index: number): number => (isShared(index) ? 1 : PROCESSES.length);

/** What the key of every third report must count. */
function expectReports(key: number) {
  const own = Array.from({ length: EACH }, (_, index) => index).filter((index) => index % 3 === key);
  const uses = own.reduce((total, index) => total + times(index), 0);
  const errors = own.filter(isError).reduce((total, index) => total + times(index), 0);
  return { id: `k${key}`, uses, errors, hourUses: uses, hourErrors: errors };
}

function expectPicks(id: string, uses: number) {
  return { id, uses, errors: 0, hourUses: uses, hourErrors: 0 };
}

const HOSTS = [
  { host: 'one file', open: openFile },
  { host: 'one server', open: openServer },
];

test.for(HOSTS)(
  'ten processes on $host: 500 reports, each sent twice, and 500 picks at once are counted exactly',
  async ({ open }, { expect }) => {
    await using shared = await open();
    for (const id of ['k0', 'k1', 'k2']) await shared.database.write(insertKey(id));
    for (const id of ['a', 'b', 'c', 'd']) await shared.database.write(insertKey(id, { provider: 'gemini' }));
    await shared.database.write(insertKey('heavy', { provider: 'gemini', weight: 6 }));
    await shared.database.write(insertKey('off', { provider: 'gemini', state: 'quarantined' }));
    const told = await runAtOnce(
      CALLER,
      PROCESSES.map((name) => [shared.url, name, String(EACH)]),
    );
    const lines = told.flat();
    // Picks spread by weight, to the very one.
    const picks = { a: 50, b: 50, c: 50, d: 50, heavy: 300, off: 0 };
    expect(await readCounts(shared.database)).toEqual([
      ...Object.entries(picks)
        .map(([id, uses]) => expectPicks(id, uses))
        .slice(0, 5),
      ...[0, 1, 2].map(expectReports),
      expectPicks('off', 0),
    ]);
    for (const [id, uses] of Object.entries(picks))
      expect(lines.filter((line) => line === `pick ${id}`)).toHaveLength(uses);
    // Ten times 45 of its own, and the five that all of them share; every other one was told that it is none.
    expect(lines.filter((line) => line === 'report 1')).toHaveLength(455);
    expect(lines.filter((line) => line === 'report 0')).toHaveLength(45);
  },
);
