// Security 72 and 73, and the contract's directory part.
import type * as z from 'zod';

import { createHostTest } from './support/host-test.ts';
import {
  beatNow,
  createKeyPair,
  idsOf,
  joinNetwork,
  type nodePageSchema,
  readPage,
  register,
  registrationOf,
  sendAs,
} from './support/nodes.ts';
import { connect, connectOperator, signInOperator } from './support/trpc.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open' });

test('security 72: a node writes itself alone, and its clock may be five minutes off', async ({
  host,
  expect,
}) => {
  const node = await joinNetwork(host, 'own-a');
  await joinNetwork(host, 'own-b');
  for (const [method, path, body] of [
    ['POST', '/api/v1/nodes/own-b/heartbeat', beatNow()],
    ['PUT', '/api/v1/nodes/own-b', { status: 'mine' }],
    ['POST', '/api/v1/nodes/nobody/heartbeat', beatNow()],
    ['PUT', '/api/v1/nodes/nobody', { status: 'mine' }],
  ] as const) {
    expect([path, (await node.send(method, path, body)).status]).toEqual([path, 403]);
  }
  for (const [minutes, status] of [
    [4, 200],
    [-4, 200],
    [6, 422],
    [-6, 422],
  ] as const) {
    const timestamp = new Date(Date.now() + minutes * 60_000).toISOString();
    const beat = await node.send('POST', '/api/v1/nodes/own-a/heartbeat', { ...beatNow(), timestamp });
    expect([minutes, beat.status]).toEqual([minutes, status]);
  }
});

test('a time is UTC unless it says otherwise', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'timely');
  const now = new Date();
  const seoul = new Date(now.getTime() + 9 * 3_600_000).toISOString().slice(0, -1);
  for (const timestamp of [
    now.toISOString().slice(0, -1),
    `${now.toISOString().slice(0, -1)}456`,
    `${seoul}+09:00`,
    `${seoul}+0900`,
  ]) {
    const beat = await node.send('POST', '/api/v1/nodes/timely/heartbeat', { ...beatNow(), timestamp });
    expect([timestamp, beat.status]).toEqual([timestamp, 200]);
  }
  const off = await node.send('POST', '/api/v1/nodes/timely/heartbeat', { ...beatNow(), timestamp: seoul });
  expect(off.status).toBe(422);
});

test('what a node says of itself is what others are told', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'teller');
  const updated = await node.send('PUT', '/api/v1/nodes/teller', {
    status: 'active',
    load: 0.65,
    available_resources: { cpu: 75, memory: 80 },
    metadata: { version: '2.0.1', uptime: '72h' },
    last_seen: null,
  });
  const expected = {
    node_id: 'teller',
    status: 'active',
    load: 0.65,
    available_resources: { cpu: 75, memory: 80 },
    metadata: { region: 'eu-west-1', version: '2.0.1', uptime: '72h' },
  };
  expect(updated.status).toBe(200);
  expect(await updated.json()).toMatchObject(expected);
  const other = await joinNetwork(host, 'listener');
  const seen = await other.send('GET', '/api/v1/nodes/teller');
  expect(await seen.json()).toMatchObject({ ...expected, public_key: node.keys.pem });
  const partial = await node.send('PUT', '/api/v1/nodes/teller', { load: 0.1, metadata: { region: null } });
  expect(await partial.json()).toMatchObject({ status: 'active', load: 0.1, metadata: { version: '2.0.1' } });
  expect(await idsOf(other, 'region=eu-west-1')).not.toContain('teller');
  const large = { metadata: Object.fromEntries(['a', 'b'].map((name) => [name, 'x'.repeat(9_000)])) };
  expect((await node.send('PUT', '/api/v1/nodes/teller', large)).status).toBe(422);
});

test('filters hold together, and capabilities mean all of them', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'filter-1', {
    more: { type: 'filtered', capabilities: ['stt', 'tts', 'llm'], metadata: { region: 'ap-1' } },
  });
  await joinNetwork(host, 'filter-2', {
    more: { type: 'filtered', capabilities: ['tts'], metadata: { region: 'ap-2' } },
  });
  await joinNetwork(host, 'filter-3', {
    more: { type: 'other', capabilities: ['stt', 'tts'], metadata: null },
  });
  expect(await idsOf(node, 'capabilities=tts')).toEqual(['filter-1', 'filter-2', 'filter-3']);
  expect(await idsOf(node, 'capabilities=tts,stt')).toEqual(['filter-1', 'filter-3']);
  expect(await idsOf(node, 'capabilities=tts,stt&type=filtered')).toEqual(['filter-1']);
  expect(await idsOf(node, 'type=filtered&region=ap-2')).toEqual(['filter-2']);
  expect(await idsOf(node, 'type=filtered&status=registered&region=')).toEqual(['filter-1', 'filter-2']);
  expect(await idsOf(node, 'capabilities=none')).toEqual([]);
  expect(await idsOf(node, "type=filtered'--".replace("'--", '&region=ap-1'))).toEqual(['filter-1']);
});

test('pages neither skip nor repeat while nodes come, change and go', async ({ host, expect }) => {
  const more = { type: 'paged' };
  const keys = Array.from({ length: 12 }, () => createKeyPair());
  const first = await joinNetwork(host, 'page-20', { more, keys: keys[0] });
  for (const [index, pair] of keys.slice(1, 10).entries()) {
    await joinNetwork(host, `page-${21 + index}`, { more, keys: pair });
  }
  const operator = await connectOperator(host);
  const seen: string[] = [];
  let cursor: string | null = null;
  let round = 0;
  do {
    const next: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page: z.infer<typeof nodePageSchema> = await readPage(first, `type=paged&limit=3${next}`);
    seen.push(...page.nodes.map((it) => it.node_id));
    cursor = page.next_cursor;
    if (round === 0) {
      await joinNetwork(host, 'page-10', { more, keys: keys[10] });
      await joinNetwork(host, 'page-255', { more, keys: keys[11] });
      await first.send('POST', '/api/v1/nodes/page-20/heartbeat', beatNow());
      await operator.nodes.revoke.mutate({ id: 'page-28', confirmName: 'Node page-28' });
    }
    round += 1;
  } while (cursor !== null);
  expect(seen).toEqual([
    'page-20',
    'page-21',
    'page-22',
    'page-23',
    'page-24',
    'page-25',
    'page-255',
    'page-26',
    'page-27',
    'page-29',
  ]);
  for (const bad of ['x', 'YWZ0ZXIu', 'a'.repeat(300), btoa("after.' or 1=1")]) {
    const response = await first.send('GET', `/api/v1/nodes?cursor=${encodeURIComponent(bad)}`);
    expect([bad, response.status]).toEqual([bad, 422]);
  }
});

test('a capability counts once, however often it is named', async ({ host, expect }) => {
  const capabilities = ['tts', 'stt', 'tts', 'stt'];
  const node = await joinNetwork(host, 'twice', { more: { type: 'twice', capabilities } });
  const seen = await node.send('GET', '/api/v1/nodes/twice');
  expect(await seen.json()).toMatchObject({ capabilities: ['tts', 'stt'] });
  const again = await register(host, registrationOf('twice', node.keys, { type: 'twice', capabilities }));
  expect(await again.json()).toMatchObject({ capabilities: ['tts', 'stt'] });
});

test('security 73: a revoked node is gone at once, and so is whatever it could show', async ({
  host,
  expect,
}) => {
  const node = await joinNetwork(host, 'to-revoke');
  const watcher = await joinNetwork(host, 'watcher-2');
  const operator = await connectOperator(host);
  await operator.nodes.revoke.mutate({ id: 'to-revoke', confirmName: 'Node to-revoke' });

  expect(await idsOf(watcher, 'limit=500')).not.toContain('to-revoke');
  expect((await watcher.send('GET', '/api/v1/nodes/to-revoke')).status).toBe(404);
  expect((await node.send('GET', '/api/v1/nodes')).status).toBe(401);
  expect((await node.send('POST', '/api/v1/nodes/to-revoke/heartbeat', beatNow())).status).toBe(401);
  const refreshed = await sendAs(host, node.refreshToken)('POST', '/api/v1/auth/refresh');
  expect(refreshed.status).toBe(401);
  await expect(joinNetwork(host, 'to-revoke', { keys: node.keys })).rejects.toThrow(/revoked/);
});

test('another process sees a revocation within seconds, and writes nothing for it at all', async ({
  host,
  expect,
}) => {
  const other = await host.launchAnother();
  const node = await joinNetwork(host, 'revoked-elsewhere');
  const ask = (method: string, path: string, body?: object) =>
    fetch(`${other.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${node.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  expect((await ask('GET', '/api/v1/nodes')).status).toBe(200);
  const operator = connect(host, await signInOperator(host));
  await operator.nodes.revoke.mutate({ id: 'revoked-elsewhere', confirmName: 'Node revoked-elsewhere' });
  const beat = await ask('POST', '/api/v1/nodes/revoked-elsewhere/heartbeat', beatNow());
  expect(beat.status).toBe(401);
  await expect
    .poll(async () => (await ask('GET', '/api/v1/nodes')).status, { timeout: 15_000, interval: 500 })
    .toBe(401);
}, 60_000);

test('heartbeats are kept for the charts, and the regions are summed up', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'charted', { more: { metadata: { region: 'mars-1' } } });
  await node.send('PUT', '/api/v1/nodes/charted', { load: 0.5 });
  await node.send('POST', '/api/v1/nodes/charted/heartbeat', beatNow());
  await node.send('POST', '/api/v1/nodes/charted/heartbeat', beatNow());
  const operator = await connectOperator(host);
  const { items, everySeconds } = await operator.nodes.listHeartbeats.query({ id: 'charted' });
  expect(everySeconds).toBe(30);
  expect(items).toEqual([{ at: expect.any(String), status: 'healthy', metrics: { cpu_usage: 1 } }]);
  const { regions } = await operator.nodes.summarizeRegions.query();
  expect(regions).toContainEqual({
    region: 'mars-1',
    total: 1,
    reachable: 1,
    unreachable: 0,
    offline: 0,
    meanLoad: 0.5,
  });
  const byNode = await connect(host, node.token).nodes.list.query({ type: 'gateway', region: 'mars-1' });
  expect(byNode.items.map(({ id }) => id)).toEqual(['charted']);
});

test('operators look for a part of an id or a name, among what there is to choose from', async ({
  host,
  expect,
}) => {
  const more = { type: 'sought', capabilities: ['seeking'], name: 'Große Halle 100%' };
  await joinNetwork(host, 'sought-A', { more });
  await joinNetwork(host, 'sought-b', { more: { ...more, name: 'Other' } });
  const operator = await connectOperator(host);
  const find = async (query: string) =>
    (await operator.nodes.list.query({ query, type: 'sought' })).items.map(({ id }) => id);
  expect(await find('SOUGHT-')).toEqual(['sought-A', 'sought-b']);
  expect(await find('halle 100%')).toEqual(['sought-A']);
  expect(await find('100_')).toEqual([]);
  await operator.nodes.revoke.mutate({ id: 'sought-b', confirmName: 'Other' });
  await operator.nodes.revoke.mutate({ id: 'sought-A', confirmName: more.name });
  await joinNetwork(host, 'sought-c', { more: { type: 'found', capabilities: ['finding'] } });
  const choices = await operator.nodes.listChoices.query();
  expect(choices.types).toContain('found');
  expect(choices.types).not.toContain('sought');
  expect(choices.capabilities).toContain('finding');
  expect(choices.capabilities).not.toContain('seeking');
});
