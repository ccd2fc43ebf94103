import { createTestDatabase } from '@ephemera/db/testing';
import { expect, test } from 'vitest';

import { seedDemoNodes } from './demo-nodes.ts';

const DAY_MS = 24 * 3_600_000;
const NOW_MS = Date.UTC(2026, 10, 22, 12);

test('three nodes that say they are demo data; a later start puts their clock right and adds nothing', async () => {
  await using database = await createTestDatabase();
  await seedDemoNodes(database, NOW_MS);
  await seedDemoNodes(database, NOW_MS + DAY_MS);
  const rows = await database.read(
    "select id, name, last_seen_at from nodes where json_extract(metadata, '$.demo') = 1 order by last_seen_at desc",
  );
  expect(rows.map(({ name }) => String(name).startsWith('Demo data: '))).toEqual([true, true, true]);
  expect(rows[0]).toMatchObject({ id: 'demo-gateway-paris', last_seen_at: NOW_MS + DAY_MS });
  expect(await database.read('select count(*) as n from node_heartbeats')).toEqual([{ n: 180 }]);
  expect(await database.read('select count(*) as n from node_capabilities')).toEqual([{ n: 7 }]);
});

test('a node of that name that somebody registered is left alone', async () => {
  await using database = await createTestDatabase();
  await seedDemoNodes(database, NOW_MS);
  const own = `update nodes set metadata = '{}', name = 'Mine' where id = 'demo-gateway-paris' returning id`;
  await database.read(own);
  await seedDemoNodes(database, NOW_MS + DAY_MS);
  expect(await database.read("select name, last_seen_at from nodes where id = 'demo-gateway-paris'")).toEqual(
    [{ name: 'Mine', last_seen_at: NOW_MS }],
  );
});
