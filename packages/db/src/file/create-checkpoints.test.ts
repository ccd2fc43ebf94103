import { statSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { createTestDatabase } from '@ephemera/db/testing';
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
