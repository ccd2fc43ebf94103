import { createTestDatabase } from '@ephemera/db/testing';
import { expect, test } from 'vitest';

import { seedDemoMessages } from './demo-messages.ts';
import { beatDemoNodes, seedDemoNodes } from './demo-nodes.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
const NOW_MS = Date.UTC(2026, 10, 22, 12);
const EVERY_MS = 30_000;

test('nodes that say they are demo data; a later start puts their clock right and adds nothing', async () => {
  await using database = await createTestDatabase();
  await seedDemoNodes(database, { nowMs: NOW_MS, everyMs: EVERY_MS });
  await seedDemoNodes(database, { nowMs: NOW_MS + DAY_MS, everyMs: EVERY_MS });
  const rows = await database.read(
    `select id, name, last_seen_at, key_fingerprint from nodes where json_extract(metadata, '$.demo') = 1 order by id`,
  );
  expect(rows.length).toBe(5);
  expect(rows.every(({ name }) => String(name).startsWith('Demo data: '))).toBe(true);
  expect(rows.every((row) => /^[\da-f]{64}$/.test(String(row['key_fingerprint'])))).toBe(true);
  const silence = rows.map(({ last_seen_at: at }) => (NOW_MS + DAY_MS - Number(at)) / MINUTE_MS);
  expect(silence.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 12, 3_000]);
  expect(
    await database.read(
      'select node_id, count(*) as n from node_heartbeats group by node_id order by node_id',
    ),
  ).toEqual([
    { node_id: 'demo-gateway-paris', n: 240 },
    { node_id: 'demo-voice-dublin', n: 240 },
    { node_id: 'demo-voice-seoul', n: 216 },
    { node_id: 'demo-voice-tokyo', n: 240 },
  ]);
});

test('those that are alive beat on, and their history keeps its length', async () => {
  await using database = await createTestDatabase();
  await seedDemoNodes(database, { nowMs: NOW_MS, everyMs: EVERY_MS });
  await database.read(`update nodes set revoked_at = 1 where id = 'demo-voice-tokyo' returning id`);
  for (let beat = 1; beat <= 5; beat += 1) await beatDemoNodes(database, NOW_MS + beat * EVERY_MS);
  const seen = await database.read('select id, last_seen_at - ?1 as after from nodes order by id', [NOW_MS]);
  expect(seen).toEqual([
    { id: 'demo-batch-montreal', after: -50 * 60 * MINUTE_MS },
    { id: 'demo-gateway-paris', after: 5 * EVERY_MS },
    { id: 'demo-voice-dublin', after: 5 * EVERY_MS },
    { id: 'demo-voice-seoul', after: -12 * MINUTE_MS },
    { id: 'demo-voice-tokyo', after: 0 },
  ]);
  const [count] = await database.read(
    `select count(*) as n, max(at) as last from node_heartbeats where node_id = 'demo-gateway-paris'`,
  );
  expect(count).toEqual({ n: 241, last: NOW_MS + 5 * EVERY_MS });
});

test('a node of that name, or with that key, that somebody registered is left alone', async () => {
  await using database = await createTestDatabase();
  const clock = { nowMs: NOW_MS, everyMs: EVERY_MS };
  await seedDemoNodes(database, clock);
  await database.read(
    `update nodes set metadata = '{}', name = 'Mine' where id = 'demo-gateway-paris' returning id`,
  );
  await database.read(
    `update nodes set metadata = '{}', id = 'elsewhere' where id = 'demo-voice-dublin' returning id`,
  );
  await seedDemoNodes(database, { ...clock, nowMs: NOW_MS + DAY_MS });
  await beatDemoNodes(database, NOW_MS + DAY_MS);
  const kept = `select id, last_seen_at from nodes where id in ('demo-gateway-paris', 'elsewhere', 'demo-voice-dublin')
    order by id`;
  expect(await database.read(kept)).toEqual([
    { id: 'demo-gateway-paris', last_seen_at: NOW_MS },
    { id: 'elsewhere', last_seen_at: NOW_MS },
  ]);
});

test('their messages are there anew at each start, and the mailboxes count what waits', async () => {
  await using database = await createTestDatabase();
  await seedDemoNodes(database, { nowMs: NOW_MS, everyMs: EVERY_MS });
  await seedDemoMessages(database, NOW_MS);
  await seedDemoMessages(database, NOW_MS + DAY_MS);
  expect(await database.read('select count(*) as n from messages')).toEqual([{ n: 8 }]);
  expect(
    await database.read('select node_id, pending from mailboxes where pending > 0 order by node_id'),
  ).toEqual([
    { node_id: 'demo-batch-montreal', pending: 1 },
    { node_id: 'demo-voice-seoul', pending: 2 },
  ]);
  expect(await database.read('select count(*) as n from deliveries where read_at is not null')).toEqual([
    { n: 8 },
  ]);
});
