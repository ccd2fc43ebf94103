import { createTestDatabase } from '@ephemera/db/testing';
import { expect, test } from 'vitest';

import { startDemoBeats } from './demo-beats.ts';
import { seedDemoNodes } from './demo-nodes.ts';

const EVERY_MS = 10;
const SEEN_SQL = `select last_seen_at as at from nodes where id = 'demo-gateway-paris'`;

const ignore = (): void => undefined;

function createLog() {
  const warnings: string[] = [];
  return {
    warnings,
    logger: { info: ignore, warn: (event: string) => void warnings.push(event), error: ignore },
  };
}

test('the demo’s nodes beat until the host ends', async () => {
  await using database = await createTestDatabase();
  const seededMs = Date.now() - 60_000;
  await seedDemoNodes(database, { nowMs: seededMs, everyMs: 30_000 });
  const { logger, warnings } = createLog();
  const read = async () => Number((await database.read(SEEN_SQL))[0]?.['at']);
  {
    await using _beats = startDemoBeats({ database, logger, everyMs: EVERY_MS });
    await expect.poll(read).toBeGreaterThan(seededMs);
  }
  const last = await read();
  await new Promise((resolve) => setTimeout(resolve, 5 * EVERY_MS));
  expect(await read()).toBe(last);
  expect(warnings).toEqual([]);
});

test('a beat that cannot be written is told, and the next one is tried', async () => {
  await using database = await createTestDatabase();
  await database.read('drop table node_heartbeats');
  const { logger, warnings } = createLog();
  await using _beats = startDemoBeats({ database, logger, everyMs: EVERY_MS });
  await expect.poll(() => warnings.length).toBeGreaterThan(1);
  expect(new Set(warnings)).toEqual(new Set(['demo.beat_failed']));
});
