// Health and metrics of the node network's contract, beside those of the process.
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';

import { createKey } from './support/access-keys.ts';
import { INTERNAL_SECRET, METRICS_TOKEN, type TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import { addStoredKeys } from './support/internal.ts';
import { createMember } from './support/members.ts';
import { joinNetwork } from './support/nodes.ts';
import { lintMetrics } from './support/promtool.ts';
import { connect, connectOperator } from './support/trpc.ts';
import { VERSION } from '../src/version.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open' });

const healthSchema = z.strictObject({
  status: z.string(),
  uptime: z.int().min(0),
  version: z.literal(VERSION),
  checks: z.strictObject({ database: z.string(), upstream: z.string(), turn: z.string() }),
});

async function readHealth(host: TestHost) {
  const response = await host.fetch('/api/v1/health');
  return { code: response.status, ...healthSchema.parse(await response.json()) };
}

/** An answer is a second old at most. */
async function healthWith(host: TestHost, upstream: string) {
  for (;;) {
    const health = await readHealth(host);
    if (health.checks.upstream === upstream) return health;
    await wait(100);
  }
}

function scrape(host: TestHost, token: string | null, accept?: string): Promise<Response> {
  return host.fetch('/api/v1/metrics', {
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(accept === undefined ? {} : { accept }),
    },
  });
}

async function scrapeUntil(host: TestHost, pattern: RegExp): Promise<string> {
  for (;;) {
    const text = await (await scrape(host, METRICS_TOKEN)).text();
    if (pattern.test(text)) return text;
    await wait(100);
  }
}

test('whoever asks is told that all is well, and no more than that', async ({ host, expect }) => {
  const { code, status, checks } = await readHealth(host);
  expect({ code, status, checks }).toEqual({
    code: 200,
    status: 'ok',
    checks: { database: 'ok', upstream: 'ok', turn: 'ok' },
  });
  expect(await connect(host, null).monitoring.health.query()).toMatchObject({ status: 'ok', checks });
  expect(await host.simulator.admin.requests()).toEqual([]);
});

test('the metrics are for the METRICS_TOKEN, nodes and operators', async ({ host, expect }) => {
  const operator = await connectOperator(host);
  const node = await joinNetwork(host, 'watcher');
  const bare = await joinNetwork(host, 'bare');
  await operator.nodes.setScopes.mutate({ id: 'bare', scopes: ['nodes:read'] });
  const key = await createKey(host, { scopes: ['models:read'] });
  const tokens: Record<string, string | null> = {
    'the METRICS_TOKEN': METRICS_TOKEN,
    'a node': node.token,
    'a viewer': (await createMember(host, 'viewer')).token,
    'a node without the scope': bare.token,
    'a user': host.userToken,
    'an access key': key.secret,
    'an internal service': INTERNAL_SECRET,
    nobody: null,
  };
  const answers = await Promise.all(
    Object.entries(tokens).map(async ([name, token]) => [name, (await scrape(host, token)).status]),
  );
  expect(Object.fromEntries(answers)).toEqual({
    'the METRICS_TOKEN': 200,
    'a node': 200,
    'a viewer': 200,
    'a node without the scope': 403,
    'a user': 403,
    'an access key': 403,
    'an internal service': 401,
    nobody: 401,
  });
  const { families } = await connect(host, node.token).monitoring.metrics.query();
  expect(families.map(({ name }) => name)).toContain('broker_node_up');
});

test('promtool finds nothing wrong with them, nor does a reader of the newer format', async ({
  host,
  expect,
}) => {
  const node = await joinNetwork(host, 'lively');
  const message = { from_node: 'lively', to_nodes: ['lively'], message_type: 'note', content: 1 };
  expect((await node.send('POST', '/api/v1/messages/send', message)).status).toBe(200);
  expect((await host.post('/v1/realtime/client_secrets', {})).status).toBe(200);
  const text = await scrapeUntil(host, /_up\{node="lively"\} 1\n[^]*broker_messages_pending [1-9]/);
  expect(await lintMetrics(text)).toBe('');
  expect(await lintMetrics('# TYPE broker_wrong counter\nbroker_wrong 1\n')).not.toBe('');
  expect(text).toMatch(/broker_nodes\{status="reachable"\} [1-9]/);
  expect(text).toMatch(/broker_node_last_seen_timestamp_seconds\{node="lively"\} \d+/);
  expect(text).toMatch(/broker_node_up\{node="lively"\} 1\n/);
  expect(text).toMatch(/\nbroker_messages_sent_total [1-9]/);
  expect(text).toMatch(/\nbroker_messages_pending_bytes [1-9]/);
  const open = await scrape(host, METRICS_TOKEN, 'application/openmetrics-text;version=1.0.0');
  expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(await open.text()).toMatch(/\n# EOF\n$/);
});

test('a silent node is down, and a revoked one is not told any more', async ({ host, expect }) => {
  await joinNetwork(host, 'silent');
  await joinNetwork(host, 'ended');
  await host.readRows("update nodes set last_seen_at = last_seen_at - 91000 where id = 'silent'");
  const operator = await connectOperator(host);
  await operator.nodes.revoke.mutate({ id: 'ended', confirmName: 'Node ended' });
  const text = await scrapeUntil(host, /broker_node_up\{node="silent"\} 0\n/);
  expect(text).not.toContain('node="ended"');
  expect(text).toMatch(/broker_nodes\{status="unreachable"\} [1-9]/);
});

test('without a fit key the service is degraded, and not taken away', async ({ host, expect }) => {
  const set = (state: string): Promise<unknown> =>
    host.readRows('update provider_keys set state = ?1, state_since = ?2, state_until = ?3', [
      state,
      Date.now(),
      Date.now() + 600_000,
    ]);
  await set('exhausted');
  expect(await healthWith(host, 'degraded')).toMatchObject({ code: 200, status: 'degraded' });
  await set('disabled');
  expect(await healthWith(host, 'down')).toMatchObject({ code: 200, status: 'degraded' });
  await set('active');
  expect(await healthWith(host, 'ok')).toMatchObject({ code: 200, status: 'ok' });
});

test('what is stored and cannot be read means down: 503, and no reason for strangers', async ({
  host,
  expect,
}) => {
  await addStoredKeys(host, 1);
  await host.readRows('update provider_keys set kek_version = 9 where ciphertext is not null');
  const { code, status, checks } = await healthWith(host, 'unknown');
  expect({ code, status, checks }).toEqual({
    code: 503,
    status: 'down',
    checks: { database: 'down', upstream: 'unknown', turn: 'ok' },
  });
});
