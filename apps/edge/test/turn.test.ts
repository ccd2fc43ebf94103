import * as z from 'zod';

import { type TestHost, TURN_SECRET } from './support/host.ts';
import { createHostTest, test } from './support/host-test.ts';
import { addressBytes, openTurnClient, type TurnLogin } from './support/turn-client.ts';
import { startTurnserver } from './support/turnserver.ts';

const PATH = '/api/v1/webrtc/turn-credentials';

const entrySchema = z.object({
  url: z.string(),
  urls: z.string(),
  username: z.string().optional(),
  credential: z.string().optional(),
});
const legacySchema = z.object({ ttl: z.number(), iceServers: z.array(entrySchema) });

async function ask(host: TestHost, query = ''): Promise<Response> {
  return await host.fetch(`${PATH}${query}`, { headers: { authorization: `Bearer ${host.userToken}` } });
}

async function issueLogin(host: TestHost): Promise<TurnLogin> {
  const { iceServers } = legacySchema.parse(await (await ask(host)).json());
  const { username = '', credential = '' } = iceServers[0] ?? {};
  return { username, credential };
}

test('each address is an entry with url and urls as text, and one time-limited login', async ({
  host,
  expect,
}) => {
  const response = await ask(host);

  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const { ttl, iceServers } = legacySchema.parse(await response.json());
  expect(ttl).toBe(3_600);
  expect(iceServers.map(({ url }) => url)).toEqual([
    'turn:127.0.0.1:3478?transport=udp',
    'turns:turn.example.test:5349',
  ]);
  for (const { url, urls, username, credential } of iceServers) {
    expect(urls).toBe(url);
    expect(username).toMatch(/^\d{10}:[0-9a-f]{32}$/);
    expect(credential).toMatch(/^[\w+/]{27}=$/);
  }
});

test('the login names the user by a pseudonym, the same each time', async ({ host, expect }) => {
  const first = await issueLogin(host);
  const second = await issueLogin(host);

  const [user] = await host.readRows("select id from users where email = 'user@demo.local'");
  expect(first.username.split(':')[1]).toBe(second.username.split(':')[1]);
  expect(first.username).not.toContain(String(user?.['id']));
});

test('the standard form has lists of addresses and says how the credential behaves', async ({
  host,
  expect,
}) => {
  const response = await ask(host, '?format=standard&ttl=600');

  expect(await response.json()).toMatchObject({
    provider: 'coturn',
    ttl: 600,
    revocable: false,
    midSessionExpiry: 'survives',
    expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    iceServers: [{ urls: ['turn:127.0.0.1:3478?transport=udp', 'turns:turn.example.test:5349'] }],
  });
});

test('a longer life than the configured one is cut to it', async ({ host, expect }) => {
  const response = await ask(host, '?ttl=172800');

  expect(legacySchema.parse(await response.json()).ttl).toBe(3_600);
});

for (const query of [
  '?ttl=-1',
  '?ttl=1.5',
  '?ttl=1e9',
  '?ttl=86400000',
  '?ttl=abc',
  '?format=xml',
  '?fallback=yes',
]) {
  test(`${query} is refused as a problem`, async ({ host, expect }) => {
    const response = await ask(host, query);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });
}

test('a caller without a token gets no credential', async ({ host, expect }) => {
  const response = await host.fetch(PATH);

  expect(response.status).toBe(401);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
});

test('the real coturn accepts the credential, and neither a wrong nor an altered nor an expired one', async ({
  host,
  expect,
}) => {
  await using turnserver = await startTurnserver(TURN_SECRET);
  const login = await issueLogin(host);
  const allocate = async (used: TurnLogin) => {
    await using client = await openTurnClient(turnserver.port);
    return await client.allocate(used, 4);
  };

  expect(await allocate(login)).toBe('granted');
  expect(await allocate({ ...login, credential: 'd3Jvbmc=' })).toBe(401);
  expect(await allocate({ ...login, username: login.username.replace(/^\d/, '9') })).toBe(401);
  expect(await allocate({ ...login, username: `${login.username}0` })).toBe(401);
  const [, user = ''] = login.username.split(':');
  expect(
    await allocate({ username: `1700000000:${user}`, credential: await sign(`1700000000:${user}`) }),
  ).toBe(401);
});

async function sign(username: string): Promise<string> {
  const secret = new TextEncoder().encode(TURN_SECRET);
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  return Buffer.from(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(username))).toString(
    'base64',
  );
}

test('through the shipped coturn configuration no reserved address is reached', async ({ host, expect }) => {
  await using turnserver = await startTurnserver(TURN_SECRET);
  const login = await issueLogin(host);
  for (const [family, peers] of [
    [4, RESERVED_IPV4],
    [6, RESERVED_IPV6],
  ] as const) {
    await using client = await openTurnClient(turnserver.port);
    expect(await client.allocate(login, family)).toBe('granted');
    for (const peer of peers) {
      expect({ peer, outcome: await client.createPermission(addressBytes(peer)) }).toEqual({
        peer,
        outcome: 403,
      });
    }
    // The control: a public peer is what a relay is for.
    const publicPeer = family === 4 ? '8.8.8.8' : '2606:4700::1';
    expect(await client.createPermission(addressBytes(publicPeer))).toBe('granted');
  }
});

const RESERVED_IPV4 = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.254',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
];

const RESERVED_IPV6 = [
  '::',
  '::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  'fc00::1',
  'fd00::1',
  'fe80::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '64:ff9b::7f00:1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::7f00:1',
  '2002:7f00:1::',
  '::127.0.0.1',
  '::10.0.0.1',
  '::169.254.169.254',
];

const limitedTest = createHostTest();

limitedTest('issuance is limited per user and hour', async ({ host, expect }) => {
  const statuses: number[] = [];
  for (let round = 0; round < 130; round += 1) {
    const response = await ask(host);
    await response.arrayBuffer();
    statuses.push(response.status);
    if (response.status === 429) {
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      break;
    }
  }
  expect(statuses.at(-1)).toBe(429);
  const strangers = await host.fetch(PATH, {
    headers: { authorization: `Bearer ${await host.issuer.sign()}` },
  });
  expect(strangers.status).toBe(200);
});
