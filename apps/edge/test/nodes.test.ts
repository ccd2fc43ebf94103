import { createKeyPair, joinNetwork, register, registrationOf } from './support/nodes.ts';
import { createHostTest } from './support/host-test.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open' });

test('a node registers, proves itself, beats and is found', async ({ host, expect }) => {
  const keys = createKeyPair();
  const registered = await register(
    host,
    registrationOf('node-001', keys, { api_url: 'http://localhost:8000' }),
  );
  expect(registered.status).toBe(201);
  expect(await registered.json()).toMatchObject({
    node_id: 'node-001',
    name: 'Node node-001',
    type: 'gateway',
    capabilities: ['routing', 'storage'],
    endpoint: 'https://node-001.example.test:8443',
    status: 'registered',
    metadata: { region: 'eu-west-1', version: '2.0.0' },
    created_at: expect.stringMatching(/^\d{4}-/),
  });
  const node = await joinNetwork(host, 'node-001', { keys });

  const beat = await node.send('POST', '/api/v1/nodes/node-001/heartbeat', {
    timestamp: `${new Date().toISOString().slice(0, -1)}123`,
    status: 'healthy',
    metrics: { cpu_usage: 45.2, network_in: 1_024 },
  });
  expect(await beat.json()).toEqual({
    acknowledged: true,
    server_time: expect.stringMatching(/Z$/),
    next_heartbeat_in: 30,
  });
  const list = await node.send(
    'GET',
    '/api/v1/nodes?type=gateway&capabilities=storage,routing&region=eu-west-1',
  );
  expect(await list.json()).toEqual({
    nodes: [
      {
        node_id: 'node-001',
        name: 'Node node-001',
        type: 'gateway',
        capabilities: ['routing', 'storage'],
        endpoint: 'https://node-001.example.test:8443',
        status: 'healthy',
        load: null,
        available_resources: null,
        metadata: { region: 'eu-west-1', version: '2.0.0' },
        last_seen: expect.stringMatching(/Z$/),
      },
    ],
    next_cursor: null,
  });
});
