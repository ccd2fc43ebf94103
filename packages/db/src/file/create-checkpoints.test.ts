import { spawnSync } from 'node:child_process';
import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { createTestDatabase, type TestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import type { NodeDatabase } from '../node.ts';
import { createCheckpoints } from './create-checkpoints.ts';

/** SQLite makes checkpoints of its own after ten times as many. */
const BATCHES = 40;
const options = { busyTimeoutMs: 1_000, synchronous: 'normal' } as const;
const patience = { timeout: 10_000 };

async function writeBatches(database: NodeDatabase, prefix: string): Promise<void> {
  for (let index = 0; index < BATCHES; index += 1) {
    await database.write({
      sql: "insert into verifications (id, identifier, value, expires_at, created_at, updated_at) values (?1, 'i', ?2, 0, 0, 0)",
      args: [`${prefix}${index}`, 'x'.repeat(2_000)],
    });
  }
}

test('what was committed comes into the file each time so many batches were', async ({ expect }) => {
  await using database = await createTestDatabase();
  const path = fileURLToPath(database.url);
  const checkpoints = createCheckpoints({ path, options }, BATCHES);
  let size = statSync(path).size;
  for (const prefix of ['first', 'second']) {
    await writeBatches(database, prefix);
    for (let noted = 1; noted < BATCHES; noted += 1) checkpoints.note();
    expect(statSync(path).size).toBe(size);
    checkpoints.note();
    await expect.poll(() => statSync(path).size, patience).toBeGreaterThan(size);
    size = statSync(path).size;
  }
  await checkpoints.close();
  const [count] = await database.read('select count(*) as stored from verifications');
  expect(count).toEqual({ stored: 2 * BATCHES });
});

test('a thread that ended is followed by another one', async ({ expect }) => {
  await using database = await createTestDatabase();
  const path = fileURLToPath(database.url);
  const later = `${path}-later`;
  const checkpoints = createCheckpoints({ path: `${later}/x.db`, options }, 1);
  const before = statSync(path).size;
  await writeBatches(database, 'a');
  checkpoints.note();
  symlinkSync(fileURLToPath(new URL('.', database.url)), later);
  symlinkSync(path, `${later}/x.db`);
  await expect
    .poll(() => {
      checkpoints.note();
      return statSync(path).size;
    }, patience)
    .toBeGreaterThan(before);
  await checkpoints.close();
});

/** In a process of its own, from a file: a thread would inherit what else it was started with. */
function runProgram(database: TestDatabase, program: string) {
  const file = fileURLToPath(new URL('program.mjs', database.url));
  writeFileSync(file, program);
  const { status, signal, stderr } = spawnSync(process.execPath, [file], { timeout: 20_000 });
  return { status, signal, stderr: stderr.toString() };
}

const MODULE = new URL('create-checkpoints.ts', import.meta.url).href;

test.for([
  { when: 'at once', script: '' },
  { when: 'after its checkpoint', script: 'await new Promise((resolve) => setTimeout(resolve, 300));' },
])('a process that ends does not wait for its thread: $when', async ({ script }, { expect }) => {
  await using database = await createTestDatabase();
  const data = JSON.stringify({ path: fileURLToPath(database.url), options });
  const program = `import { createCheckpoints } from '${MODULE}'; createCheckpoints(${data}, 1).note(); ${script}`;
  const ended = runProgram(database, program);
  expect(ended).toMatchObject({ status: 0, signal: null });
});

test('where there is no thread to be had nothing is thrown, and a later one is asked for anew', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  const path = fileURLToPath(database.url);
  const data = JSON.stringify({ path, options });
  const before = statSync(path).size;
  await writeBatches(database, 'a');
  // A limit of threads, as a container has one; then without it.
  const program = `
    import threads from 'node:worker_threads';
    import { syncBuiltinESMExports } from 'node:module';
    import { statSync } from 'node:fs';
    const { Worker } = threads;
    threads.Worker = class { constructor() { throw new Error('EAGAIN'); } };
    syncBuiltinESMExports();
    const { createCheckpoints } = await import('${MODULE}');
    const checkpoints = createCheckpoints(${data}, 1);
    checkpoints.note();
    threads.Worker = Worker;
    syncBuiltinESMExports();
    for (let tries = 0; tries < 200 && statSync('${path}').size === ${before}; tries += 1) {
      checkpoints.note();
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await checkpoints.close();`;
  const ended = runProgram(database, program);
  expect(ended).toMatchObject({ status: 0, signal: null });
  expect(statSync(path).size).toBeGreaterThan(before);
});
