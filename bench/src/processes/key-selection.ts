/** Picks keys as a mint does, in a process of its own, and says what one pick costs. */
import { createIdSource, createKeyFingerprint, createKeyPool, createKeySecrets } from '@ephemera/api';
import type { KeyPool } from '@ephemera/api';
import type { Database } from '@ephemera/db';
import { createTestDatabase } from '@ephemera/db/testing';

import type { SelectionMeasured } from '../selection.ts';
import { countStatements } from './count-statements.ts';

const POOL_SIZES = [1, 3, 20] as const;
const WARM_UP_BATCHES = 100;
const BATCHES = 200;
/** So many take a few milliseconds: the view of the rows stays fresh, as between two mints under load. */
const PICKS_PER_BATCH = 1_000;
const US_PER_MS = 1_000;

function createPool(database: Database, size: number): KeyPool {
  const clock = { now: () => Date.now() };
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const keySecrets = createKeySecrets({
    vault: null,
    environmentKeys: Array.from({ length: size }, (_, index) => ({
      provider: 'openai',
      secret: `sk-bench-selection-${index}`,
    })),
    fingerprint: createKeyFingerprint('a secret of the bench, long enough'),
    logger,
  });
  return createKeyPool({ database, clock, ids: createIdSource(clock.now), logger, keySecrets });
}

const ASKED = { exclude: [] } as const;

function pickOnce(pool: KeyPool): void {
  const picked = pool.acquire('openai', ASKED);
  if (picked instanceof Promise) throw new Error('A pick had to wait.');
  if (picked.kind === 'none') throw new Error('No key could be picked.');
  if (pool.succeed(picked, 'req_bench') !== null) throw new Error('A success had something to write.');
}

async function lookAtRows(pool: KeyPool): Promise<void> {
  pool.invalidate();
  const picked = await pool.acquire('openai', ASKED);
  if (picked.kind === 'none') throw new Error('The pool is empty.');
  pool.release(picked);
}

async function measure(size: number): Promise<SelectionMeasured> {
  await using database = await createTestDatabase();
  const { counted, read } = countStatements(database);
  const pool = createPool(counted, size);
  const usPerPick: number[] = [];
  let statements = 0;
  for (let batch = 0; batch < WARM_UP_BATCHES + BATCHES; batch += 1) {
    await lookAtRows(pool);
    const statementsBefore = read();
    const startedMs = performance.now();
    for (let pick = 0; pick < PICKS_PER_BATCH; pick += 1) pickOnce(pool);
    const tookMs = performance.now() - startedMs;
    statements += read() - statementsBefore;
    if (batch >= WARM_UP_BATCHES) usPerPick.push((tookMs * US_PER_MS) / PICKS_PER_BATCH);
  }
  return { keys: size, usPerPick, statements };
}

const results: SelectionMeasured[] = [];
for (const size of POOL_SIZES) results.push(await measure(size));
process.send?.(results);
process.disconnect();
