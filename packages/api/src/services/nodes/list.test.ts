import { afterAll, beforeAll, expect, test } from 'vitest';

import { createTestApi, OPERATOR, START_MS } from '../../../test/fixtures.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import type { NodeFilter } from './list-query.ts';
import { listStatement } from './list-query.ts';
import { listNodes } from './list.ts';

const COUNT = 10_000;
const FILL_SQL = `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${COUNT - 1})
  insert into nodes (id, name, type, public_key, key_fingerprint, endpoint, capabilities, metadata, region, scopes,
    status, last_seen_at, created_at, updated_at, revoked_at)
  select printf('node-%05d', i), 'Node ' || i, 'type-' || (i % 5), 'pem', printf('%064x', i), 'https://n.test',
    json_array('all', 'cap-' || (i % 10), 'rare-' || (i % 500)), '{}', 'region-' || (i % 20), '[]',
    'active', ?1 - (i % 200) * 1000, ?1, ?1, case when i % 100 = 99 then ?1 end from n`;
const FILL_CAPABILITIES_SQL =
  'insert into node_capabilities (capability, node_id) select value, nodes.id from nodes, json_each(nodes.capabilities)';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
  await api.database.writeAll([
    { sql: FILL_SQL, args: [START_MS] },
    { sql: FILL_CAPABILITIES_SQL, args: [] },
  ]);
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function explain(filter: NodeFilter): Promise<string> {
  const terms = { nowMs: START_MS, heartbeatSeconds: 30 };
  const { sql, args } = listStatement(filter, { afterId: 'node-05000', limit: 51, terms });
  const rows = await api.database.read(`explain query plan ${sql}`, args);
  return rows.map((row) => String(row['detail'])).join('\n');
}

const PLANS: readonly [name: string, filter: NodeFilter, index: RegExp][] = [
  ['none', {}, /SEARCH n USING INDEX sqlite_autoindex_nodes_1 \(id>\?\)/],
  ['type', { type: 'type-1' }, /SEARCH n USING INDEX nodes_type_id \(type=\? AND id>\?\)/],
  ['region', { region: 'region-1' }, /SEARCH n USING INDEX nodes_region_id \(region=\? AND id>\?\)/],
  ['status', { statuses: ['active'] }, /SEARCH n USING INDEX sqlite_autoindex_nodes_1 \(id>\?\)/],
  ['reachable', { statuses: ['reachable'] }, /SEARCH n USING INDEX sqlite_autoindex_nodes_1 \(id>\?\)/],
  [
    'several statuses',
    { statuses: ['unreachable', 'offline'], type: 'type-1' },
    /SEARCH n USING INDEX nodes_type_id \(type=\? AND id>\?\)/,
  ],
  [
    'capabilities',
    { capabilities: ['rare-7', 'all'] },
    /SEARCH f USING COVERING INDEX sqlite_autoindex_node_capabilities_1 \(capability=\? AND node_id>\?\)/,
  ],
  [
    'all of them',
    { capabilities: ['cap-1'], type: 'type-1', region: 'region-1', statuses: ['unreachable'] },
    /SEARCH f USING COVERING INDEX sqlite_autoindex_node_capabilities_1 \(capability=\? AND node_id>\?\)/,
  ],
];

for (const [name, filter, index] of PLANS) {
  test(`filter ${name}: found by an index, in its order, without a scan or a sort`, async () => {
    const plan = await explain(filter);
    expect(plan).toMatch(index);
    expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
  });
}

async function readAll(filter: NodeFilter): Promise<{ ids: string[]; slowestMs: number }> {
  const ctx = api.as(OPERATOR);
  const ids: string[] = [];
  let slowestMs = 0;
  let cursor: string | undefined;
  do {
    const startedAt = performance.now();
    const page = await listNodes(ctx, { ...filter, limit: 500, cursor });
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return { ids, slowestMs };
}

test('ten thousand nodes are read page by page, each once, and none that was revoked', async () => {
  const { ids, slowestMs } = await readAll({});
  expect(ids).toHaveLength(COUNT - COUNT / 100);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.some((id) => id.endsWith('99'))).toBe(false);
  expect(slowestMs).toBeLessThan(250);
});

async function countAll(filter: NodeFilter): Promise<number> {
  return (await readAll(filter)).ids.length;
}

test('each filter finds what it should, however few there are', async () => {
  // 20 of 10 000 have it, and none of them was revoked.
  expect(await countAll({ capabilities: ['rare-7', 'all'] })).toBe(20);
  expect(await countAll({ capabilities: ['rare-7', 'cap-8'] })).toBe(0);
  expect(await countAll({ type: 'type-1', region: 'region-1' })).toBe(500);
  expect(await countAll({ statuses: ['offline'] })).toBe(0);
  // 110 of 200 ages are 90 seconds or more; of those all that end in 99 are revoked.
  expect(await countAll({ statuses: ['unreachable'] })).toBe(5_500 - 100);
  expect(await countAll({ statuses: ['reachable'] })).toBe(4_500);
  expect(await countAll({ statuses: ['reachable', 'unreachable'] })).toBe(9_900);
  expect(await countAll({ statuses: ['active', 'offline'] })).toBe(4_500);
  expect(await countAll({ statuses: ['offline', 'all'] })).toBe(9_900);
});
