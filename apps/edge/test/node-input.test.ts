// The bad input for identity and directory: every field missing, mistyped, oversized; another node in each path.
import * as z from 'zod';

import type { TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import { createKeyPair, joinNetwork, registrationOf, sendAs, type TestNode } from './support/nodes.ts';
import { connectOperator } from './support/trpc.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open' });

const KEYS = createKeyPair();
const LONG = 'x'.repeat(10_000);
const MANY = Array.from({ length: 100 }, (_, index) => `c${index}`);
const DEEP = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`);

/** For each field of a request what is wrong with it; it is left out as well, where it is required. */
type Fields = Readonly<Record<string, { isRequired: boolean; bad: readonly unknown[] }>>;

const TEXTS = [null, 7, true, [], {}, '', LONG] as const;
const ID = [...TEXTS, '../x', 'a b', 'ä', "' or 1=1--", '-x', 'x'.repeat(129)] as const;
const WORDS = [7, true, [], {}, '', LONG, 'a b', 'a\nb'] as const;
const OBJECTS = ['x', 7, [], true, { a: 'x'.repeat(20_000) }] as const;

const REGISTER: Fields = {
  node_id: { isRequired: true, bad: ID },
  name: { isRequired: true, bad: [...TEXTS, 'a\u0000b', 'a\nb'] },
  type: { isRequired: true, bad: [null, ...WORDS] },
  capabilities: { isRequired: true, bad: [null, 'x', 7, {}, [7], [''], ['a,b'], ['a b'], [LONG], MANY] },
  public_key: { isRequired: true, bad: [...TEXTS, 'PEM', `${KEYS.pem}${LONG}`] },
  endpoint: {
    isRequired: true,
    bad: [...TEXTS, 'node', 'ftp://x', 'javascript:alert(1)', 'https://u:p@x.test', 'https://'],
  },
  metadata: { isRequired: false, bad: OBJECTS },
};
const VERIFY: Fields = {
  node_id: { isRequired: true, bad: ID },
  challenge: { isRequired: true, bad: TEXTS },
  signature: { isRequired: true, bad: [...TEXTS, 'zz', 'abc', 'ab'.repeat(5_000)] },
};
/** What the directory says of a node, and what only a filter means. */
const SERVER_WORDS = ['unreachable', 'revoked', 'Revoked', 'reachable', 'all'] as const;
const UPDATE: Fields = {
  status: { isRequired: false, bad: [...WORDS, ...SERVER_WORDS] },
  load: { isRequired: false, bad: ['0.5', -0.1, 1.1, true, []] },
  available_resources: { isRequired: false, bad: OBJECTS },
  metadata: { isRequired: false, bad: OBJECTS },
  last_seen: {
    isRequired: false,
    bad: [7, 'soon', '', '2026-13-45T99:99:99', '2026-02-30T10:00:00Z', '2999-01-01T00:00:00Z'],
  },
};
const HEARTBEAT: Fields = {
  timestamp: { isRequired: true, bad: [null, 7, 'soon', '', '2026-02-31', '2026-13-45T99:99:99Z', LONG] },
  status: { isRequired: true, bad: [null, ...WORDS, ...SERVER_WORDS] },
  metrics: {
    isRequired: false,
    bad: ['x', 7, [], { a: 'x' }, { a: null }, { a: {} }, Object.fromEntries(MANY.map((name) => [name, 1]))],
  },
};

type Target = { method: string; path: string; fields: Fields; good: Record<string, unknown> };

function variantsOf({ fields, good }: Target): [name: string, body: Record<string, unknown>][] {
  return Object.entries(fields).flatMap(([name, { isRequired, bad }]) => {
    const { [name]: _, ...without } = good;
    const variants = bad.map((value, index): [string, Record<string, unknown>] => [
      `${name} ${index}: ${JSON.stringify(value)?.slice(0, 30)}`,
      { ...good, [name]: value },
    ]);
    return isRequired
      ? [[`without ${name}`, without] as [string, Record<string, unknown>], ...variants]
      : variants;
  });
}

async function checkAll(node: TestNode, target: Target): Promise<unknown[]> {
  const wrong: unknown[] = [];
  for (const [name, body] of variantsOf(target)) {
    const response = await node.send(target.method, target.path, body);
    const text = await response.text();
    const isProblem = response.headers.get('content-type') === 'application/problem+json';
    if (response.status !== 422 || !isProblem || text.length > 1_000)
      wrong.push([name, response.status, text]);
  }
  return wrong;
}

let joined: TestNode | null = null;
async function nodeOf(host: TestHost): Promise<TestNode> {
  joined ??= await joinNetwork(host, 'input');
  return joined;
}

test('each field that is missing, mistyped or oversized is named, and nothing is a 500', async ({
  host,
  expect,
}) => {
  const node = await nodeOf(host);
  const targets: Target[] = [
    { method: 'POST', path: '/api/v1/auth/register', fields: REGISTER, good: registrationOf('bad', KEYS) },
    {
      method: 'POST',
      path: '/api/v1/auth/login',
      fields: { node_id: { isRequired: true, bad: ID } },
      good: {},
    },
    {
      method: 'POST',
      path: '/api/v1/auth/verify',
      fields: VERIFY,
      good: { node_id: 'input', challenge: 'x', signature: 'ab' },
    },
    { method: 'PUT', path: '/api/v1/nodes/input', fields: UPDATE, good: {} },
    {
      method: 'POST',
      path: '/api/v1/nodes/input/heartbeat',
      fields: HEARTBEAT,
      good: { timestamp: new Date().toISOString(), status: 'ok', metrics: {} },
    },
  ];
  for (const target of targets)
    expect([target.path, await checkAll(node, target)]).toEqual([target.path, []]);
  expect(host.logs()).not.toContain('request failed');
});

const BODIES: readonly [body: string, status: number][] = [
  ['', 422],
  ['null', 422],
  ['[]', 400],
  ['7', 400],
  ['{', 400],
  ['{"node_id":"a","node_id":"b"}', 400],
  ['{"__proto__":{}}', 400],
  [`{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 400],
  [JSON.stringify({ node_id: 'x'.repeat(257 * 1_024) }), 413],
];

test('a body that is no JSON, or too much of it, is refused at every route', async ({ host, expect }) => {
  const node = await nodeOf(host);
  const headers = { authorization: `Bearer ${node.token}`, 'content-type': 'application/json' };
  for (const [method, path] of [
    ['POST', '/api/v1/auth/register'],
    ['POST', '/api/v1/auth/login'],
    ['POST', '/api/v1/auth/verify'],
    ['PUT', '/api/v1/nodes/input'],
    ['POST', '/api/v1/nodes/input/heartbeat'],
  ] as const) {
    for (const [body, status] of BODIES) {
      const { status: answered } = await host.fetch(path, { method, headers, body });
      const isEmptyUpdate = method === 'PUT' && (body === '' || body === 'null');
      expect([path, body.slice(0, 20), answered]).toEqual([
        path,
        body.slice(0, 20),
        isEmptyUpdate ? 200 : status,
      ]);
    }
    const text = { ...headers, 'content-type': 'text/plain' };
    expect((await host.fetch(path, { method, headers: text, body: '{}' })).status).toBe(415);
  }
});

test('a query that means nothing is refused, and a path with another id is not found or forbidden', async ({
  host,
  expect,
}) => {
  const node = await nodeOf(host);
  for (const query of [
    'limit=0',
    'limit=501',
    'limit=-1',
    'limit=1e3',
    'limit=x',
    'type=a%20b',
    `type=${'x'.repeat(65)}`,
    `region=${'x'.repeat(129)}`,
    'region=a%00b',
    'status=a%0Ab',
    `capabilities=${MANY.join(',')}`,
    'cursor=x',
  ]) {
    expect([query, (await node.send('GET', `/api/v1/nodes?${query}`)).status]).toEqual([query, 422]);
  }
  for (const id of ['nobody', 'a%20b', '%2e%2e', 'x'.repeat(200), '%00']) {
    expect([id, (await node.send('GET', `/api/v1/nodes/${id}`)).status]).toEqual([id, 404]);
    expect([403, 404]).toContain((await node.send('PUT', `/api/v1/nodes/${id}`, {})).status);
    const beat = { timestamp: new Date().toISOString(), status: 'ok' };
    expect([403, 404]).toContain((await node.send('POST', `/api/v1/nodes/${id}/heartbeat`, beat)).status);
  }
});

test('a day that no month has is no time, and a node has the words of the contract’s client for itself', async ({
  host,
  expect,
}) => {
  const node = await nodeOf(host);
  for (const [day, status] of [
    ['2026-02-30', 422],
    ['2025-02-29', 422],
    ['2026-04-31', 422],
    ['2024-02-29', 200],
  ] as const) {
    const answer = await node.send('PUT', '/api/v1/nodes/input', { last_seen: `${day}T10:00:00Z` });
    expect([day, answer.status]).toEqual([day, status]);
  }
  for (const status of ['active', 'healthy', 'offline', 'registered', 'busy']) {
    const answer = await node.send('PUT', '/api/v1/nodes/input', { status });
    expect([status, answer.status]).toEqual([status, 200]);
    const beat = { timestamp: new Date().toISOString(), status };
    expect((await node.send('POST', '/api/v1/nodes/input/heartbeat', beat)).status).toBe(200);
  }
});

test('deep and strange metadata are kept as they are', async ({ host, expect }) => {
  const node = await nodeOf(host);
  const metadata = { deep: DEEP, 'it"s': 'ü𝄞', list: [1, [2, { three: null }]], zero: 0 };
  const updated = await node.send('PUT', '/api/v1/nodes/input', { metadata });
  expect(updated.status).toBe(200);
  expect(await updated.json()).toMatchObject({ metadata });
});

test('a bad token is called after whom it would be of', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'misnamed');
  const [head = '', body = ''] = node.token.split('.');
  const refuse = async (token: string) => {
    const response = await sendAs(host, token)('GET', '/api/v1/nodes');
    expect(response.status).toBe(401);
    return z.looseObject({ title: z.string() }).parse(await response.json()).title;
  };
  expect(await refuse(`${head}.${body}.${'A'.repeat(86)}`)).toBe('The node token is not valid.');
  expect(await refuse(await host.issuer.sign({ exp: 1 }))).toBe('The user token has expired: sign in again.');
  const operator = await connectOperator(host);
  await operator.nodes.revoke.mutate({ id: 'misnamed', confirmName: 'Node misnamed' });
  expect(await refuse(node.token)).toBe('The node token is not valid.');
});
