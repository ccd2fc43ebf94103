// Security 73: who is there, by signs of life and by their own word.
import { createHostTest } from './support/host-test.ts';
import { beatNow, idsOf, joinNetwork, readPage } from './support/nodes.ts';
import { connect, connectOperator } from './support/trpc.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open' });

test('security 73: status follows from the last sign of life and the clock alone', async ({
  host,
  expect,
}) => {
  const silent = await joinNetwork(host, 'silent', { more: { type: 'watched' } });
  const watcher = await joinNetwork(host, 'watcher');
  const operator = await connectOperator(host);
  const statusOf = async (): Promise<string> => (await operator.nodes.get.query({ id: 'silent' })).status;
  expect(await statusOf()).toBe('registered');
  for (const [secondsAgo, status] of [
    [80, 'registered'],
    [100, 'unreachable'],
    [86_300, 'unreachable'],
    [86_500, 'offline'],
  ] as const) {
    await host.readRows('update nodes set last_seen_at = ? where id = ? returning id', [
      Date.now() - secondsAgo * 1_000,
      'silent',
    ]);
    expect([secondsAgo, await statusOf()]).toEqual([secondsAgo, status]);
    expect(await idsOf(watcher, `type=watched&status=${status}`)).toEqual(['silent']);
    const isReachable = status === 'registered';
    expect(await idsOf(watcher, 'type=watched&status=reachable')).toEqual(isReachable ? ['silent'] : []);
    expect(await idsOf(watcher, 'type=watched&status=registered')).toEqual(isReachable ? ['silent'] : []);
  }
  await silent.send('POST', '/api/v1/nodes/silent/heartbeat', beatNow());
  expect(await statusOf()).toBe('healthy');
});

test('security 73: who is silent is discovered by nobody, unless it is asked for', async ({
  host,
  expect,
}) => {
  const more = { type: 'crew' };
  const watcher = await joinNetwork(host, 'crew-0', { more });
  for (const id of ['crew-1', 'crew-2', 'crew-4']) await joinNetwork(host, id, { more });
  const leaver = await joinNetwork(host, 'crew-3', { more });
  const bye = await leaver.send('PUT', '/api/v1/nodes/crew-3', { status: 'offline' });
  expect(bye.status).toBe(200);
  for (const [id, secondsAgo] of [
    ['crew-1', 91],
    ['crew-2', 86_401],
  ] as const) {
    await host.readRows('update nodes set last_seen_at = ? where id = ? returning id', [
      Date.now() - secondsAgo * 1_000,
      id,
    ]);
  }
  const all = ['crew-0', 'crew-1', 'crew-2', 'crew-3', 'crew-4'];
  for (const [query, ids] of [
    ['', ['crew-0', 'crew-4']],
    ['&status=', ['crew-0', 'crew-4']],
    ['&status=reachable', ['crew-0', 'crew-4']],
    ['&status=unreachable', ['crew-1']],
    ['&status=offline', ['crew-2', 'crew-3']],
    ['&status=unreachable,registered', ['crew-0', 'crew-1', 'crew-4']],
    ['&status=unreachable,offline', ['crew-1', 'crew-2', 'crew-3']],
    ['&status=all', all],
  ] as const) {
    expect([query, await idsOf(watcher, `type=crew${query}`)]).toEqual([query, ids]);
  }
  expect((await watcher.send('GET', '/api/v1/nodes?status=,')).status).toBe(422);
  const first = await readPage(watcher, 'type=crew&limit=1');
  expect(await idsOf(watcher, `type=crew&limit=1&cursor=${first.next_cursor}`)).toEqual(['crew-4']);
  for (const id of all) expect((await watcher.send('GET', `/api/v1/nodes/${id}`)).status).toBe(200);

  const byNode = await connect(host, watcher.token).nodes.list.query({ type: 'crew' });
  expect(byNode.items.map(({ id }) => id)).toEqual(['crew-0', 'crew-4']);
  const operator = await connectOperator(host);
  const byOperator = await operator.nodes.list.query({ type: 'crew' });
  expect(byOperator.items.map(({ id }) => id)).toEqual(all);
});

test('a node that says it goes is counted as gone, and is there again with its next word', async ({
  host,
  expect,
}) => {
  const node = await joinNetwork(host, 'goer', { more: { metadata: { region: 'moon-1' } } });
  const operator = await connectOperator(host);
  const regionNow = async () =>
    (await operator.nodes.summarizeRegions.query()).regions.find(({ region }) => region === 'moon-1');
  await node.send('POST', '/api/v1/nodes/goer/heartbeat', { ...beatNow(), status: 'offline' });
  expect(await regionNow()).toMatchObject({ total: 1, reachable: 0, unreachable: 0, offline: 1 });
  expect(await idsOf(node, 'region=moon-1')).toEqual([]);
  await node.send('POST', '/api/v1/nodes/goer/heartbeat', beatNow());
  expect(await regionNow()).toMatchObject({ total: 1, reachable: 1, unreachable: 0, offline: 0 });
  expect(await idsOf(node, 'region=moon-1')).toEqual(['goer']);
});
