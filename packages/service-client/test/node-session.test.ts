import { expect, test } from 'vitest';

import { createNodeClient } from '../src/nodes/node-client.ts';
import { readBodyText, refuse, type SeenCall } from './support/fake-broker.ts';
import { NODE, OWN, setUpNode } from './support/node-set-up.ts';
import { catchError } from './support/set-up.ts';

const REFRESH = '/api/v1/auth/refresh';
const LOGIN = '/api/v1/auth/login';
const VERIFY = '/api/v1/auth/verify';

test('one call registers, as the contract writes it, and signs in', async () => {
  const { client, broker } = setUpNode({ registrationToken: 'one-time' });
  expect(await client.connect()).toMatchObject({ id: 'worker-1', scopes: ['messages:send'] });

  expect(broker.calls.map(({ path }) => path)).toEqual(['/api/v1/auth/register', LOGIN, VERIFY]);
  const [registration] = broker.calls;
  expect(registration?.body).toEqual({
    node_id: 'worker-1',
    name: 'Worker',
    type: 'compute',
    capabilities: ['processing'],
    public_key: OWN.keys.publicKeyPem,
    endpoint: 'https://worker-1.example.test',
    metadata: { region: 'eu-west-1' },
  });
  expect(registration?.headers.get('x-registration-token')).toBe('one-time');
  await client.listNodes();
  expect(broker.calls.at(-1)?.headers.get('authorization')).toMatch(/^Bearer access-/);
});

test('where registration is refused, a node that is known proves itself by its key', async () => {
  const { client, broker } = setUpNode();
  broker.know('worker-1', OWN.keys.publicKeyPem);
  broker.behave(({ path, headers }) =>
    path === '/api/v1/auth/register' && !headers.has('authorization') ? refuseAt(403) : null,
  );
  expect(await client.connect()).toMatchObject({ id: 'worker-1' });

  broker.behave(({ path }) => (path === '/api/v1/auth/register' ? refuseAt(403) : null));
  broker.know('worker-1', 'another key');
  expect(await catchError(client.connect())).toMatchObject({ code: 'forbidden', status: 403 });
});

function refuseAt(status: number, headers: Record<string, string> = {}): Response {
  return Response.json({ title: 'no', code: 'told_so' }, { status, headers });
}

test('a token is renewed before it expires, once for all who ask', async () => {
  const { client, broker, clock, connect } = setUpNode();
  await connect();
  clock.pass(539_000);
  await client.listNodes();
  expect(broker.count(REFRESH)).toBe(0);

  clock.pass(2_000);
  await Promise.all(Array.from({ length: 20 }, () => client.listNodes()));
  expect(broker.count(REFRESH)).toBe(1);
  expect(broker.count(LOGIN)).toBe(0);
});

test('on 401 the token is renewed once for all, and each request is made once more', async () => {
  const { client, broker, connect } = setUpNode();
  await connect();
  broker.forgetAccessTokens();
  await Promise.all(Array.from({ length: 20 }, () => client.listNodes()));

  expect(broker.count(REFRESH)).toBe(1);
  expect(broker.count('/api/v1/nodes')).toBe(40);
});

test('a refresh token that is not good any more is answered by proving the key again', async () => {
  const { client, broker, connect, events } = setUpNode();
  await connect();
  broker.forgetAccessTokens();
  broker.forgetRefreshTokens();
  await client.listNodes();

  expect([REFRESH, LOGIN, VERIFY].map(broker.count)).toEqual([1, 1, 1]);
  expect(events()).toContain('node.refresh_refused');
});

test('a node that is not known, or was revoked, is told so after one try of its key', async () => {
  const { client, broker, connect } = setUpNode();
  await connect();
  broker.know('worker-1', 'another key');
  broker.forgetAccessTokens();
  broker.forgetRefreshTokens();

  expect(await catchError(client.listNodes())).toMatchObject({
    code: 'unauthorized',
    retryable: false,
    message: expect.stringContaining('worker-1'),
  });
  expect(broker.count(VERIFY)).toBe(1);
});

test('while the old token is good, an outage of the sign-in is nobody’s concern', async () => {
  const { client, broker, clock, connect } = setUpNode({ maxTries: 1 });
  await connect();
  broker.behave(({ path }) => (path === REFRESH ? refuseAt(503) : null));
  clock.pass(545_000);
  expect(await client.listNodes()).toMatchObject({ nodes: [{ id: 'worker-1' }] });

  clock.pass(60_000);
  expect(await catchError(client.listNodes())).toMatchObject({ code: 'server_failed' });
});

test('a challenge is answered once: where the answer is lost, a new one is asked for', async () => {
  const { client, broker, clock } = setUpNode();
  const seen: SeenCall[] = [];
  broker.behave((call) => {
    if (call.path !== VERIFY) return null;
    seen.push(call);
    if (seen.length < 3) throw new TypeError('connection reset');
    return null;
  });
  const connecting = client.connect();
  await clock.fire(500);
  await clock.fire(1_000);
  await connecting;

  const challenges = seen.map(({ body }) => readBodyText(body, 'challenge'));
  expect(new Set(challenges).size).toBe(3);
});

test('a caller that gives up leaves the renewal to the others', async () => {
  const { client, broker, clock, connect } = setUpNode();
  await connect();
  const { promise, resolve } = Promise.withResolvers<null>();
  broker.behave(({ path }) => (path === REFRESH ? promise : null));
  clock.pass(600_000);
  const abort = new AbortController();
  const gone = catchError(client.listNodes({}, { signal: abort.signal }));
  const patient = client.listNodes();
  abort.abort(new Error('changed my mind'));

  expect(await gone).toMatchObject({ message: 'changed my mind' });
  resolve(null);
  expect(await patient).toMatchObject({ nodes: [{ id: 'worker-1' }] });
  expect(broker.count(REFRESH)).toBe(1);
});

test('a renewal that never ends is given up after 30 s, and made anew', async () => {
  const { client, broker, clock, connect } = setUpNode();
  await connect();
  let hangs = true;
  broker.behave(({ path }) => {
    if (path !== REFRESH || !hangs) return null;
    hangs = false;
    return Promise.withResolvers<null>().promise;
  });
  clock.pass(600_000);
  const listing = client.listNodes();
  await clock.fire(30_000);

  expect(await listing).toMatchObject({ nodes: [{ id: 'worker-1' }] });
});

function make(more: object) {
  return () => createNodeClient({ baseUrl: 'https://broker.example', node: NODE, keys: OWN.keys, ...more });
}

test('what the client is made with is checked at once', () => {
  for (const more of [
    { baseUrl: 'http://broker.example' },
    { baseUrl: 'broker' },
    { maxTries: 0 },
    { maxTries: 1.5 },
    { requestTimeoutMs: 0 },
    { closeTimeoutMs: -1 },
  ]) {
    expect(make(more)).toThrow(expect.objectContaining({ code: 'invalid_options' }));
  }
  expect(make({ baseUrl: 'http://broker.internal', allowPlainHttp: true })).not.toThrow();
  const { client } = setUpNode();
  expect(() => client.listen({ handlers: {}, concurrency: 0 })).toThrow(/concurrency/);
});

test('neither tokens nor contents nor keys come into the log or an error', async () => {
  const { client, broker, lines, clock, connect } = setUpNode({ maxTries: 1 });
  await connect();
  await client.send({ to: 'b', type: 'command', content: 'CANARY', sign: true });
  broker.behave(refuse(500));
  clock.pass(545_000);
  const error = await catchError(client.send({ to: 'b', type: 'command', content: 'CANARY' }));
  await client.close();

  expect(lines.length).toBeGreaterThan(2);
  expect(JSON.stringify([lines, error, String(error)])).not.toMatch(/CANARY|BEGIN|Bearer/);
});
