import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { createKeyClient } from '../src/key-client.ts';
import type { Clock } from '../src/runtime.ts';
import { createFakeClock, settle } from './support/fake-clock.ts';
import { createFakeKeyServer, createWireKey, goAway, hang, refuse } from './support/fake-key-server.ts';
import { catchError, SECRET, setUp } from './support/set-up.ts';

const MINUTE_MS = 60_000;

test('a key is fetched with the secret, by provider, and then served from the cache for the time to live', async () => {
  const { client, server, clock } = setUp();

  expect(await client.getApiKey('gemini')).toMatchObject({
    id: 'k1',
    provider: 'gemini',
    name: 'name of k1',
  });
  await clock.advance(MINUTE_MS);
  await client.getApiKey('gemini');

  expect(server.requests).toHaveLength(1);
  const [request] = server.requests;
  expect(request?.url.href).toBe('https://broker.example/api/internal/api-keys?provider=gemini');
  expect(request?.headers.get('authorization')).toBe(`Bearer ${SECRET}`);
});

test('each provider has its own list and its own time', async () => {
  const { client, server, clock } = setUp({}, [createWireKey('g1'), createWireKey('o1', 'openai')]);

  await client.getApiKey('gemini');
  await clock.advance(MINUTE_MS);
  expect(await client.getApiKey('openai')).toMatchObject({ id: 'o1' });
  await clock.advance(1);
  await client.getApiKey('openai');
  expect(server.gets()).toBe(2);

  await client.getApiKey('gemini');
  await settle();
  expect(server.gets()).toBe(3);
});

test('a hundred callers at once make one request', async () => {
  const { client, server } = setUp();

  const keys = await Promise.all(Array.from({ length: 100 }, () => client.getApiKey('gemini')));

  expect(server.gets()).toBe(1);
  expect(keys.filter(({ id }) => id === 'k1')).toHaveLength(50);
});

test('an old list is served at once while one refresh runs behind it', async () => {
  const { client, server, clock } = setUp();
  await client.getApiKey('gemini');
  server.setKeys([createWireKey('k9')]);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.behave(async (request) => {
    await promise;
    return server.answer(request);
  });
  await clock.advance(MINUTE_MS + 1);

  const early = await Promise.all([client.listKeys('gemini'), client.listKeys('gemini')]);
  resolve();
  await settle();

  expect(early.map((keys) => keys.map(({ id }) => id))).toEqual([
    ['k1', 'k2'],
    ['k1', 'k2'],
  ]);
  expect((await client.listKeys('gemini')).map(({ id }) => id)).toEqual(['k9']);
  expect(server.gets()).toBe(2);
});

test('a list older than that is not served while the server can give a newer one', async () => {
  const { client, server, clock } = setUp();
  await client.getApiKey('gemini');
  server.setKeys([createWireKey('k9')]);
  await clock.advance(2 * MINUTE_MS + 1);

  expect(await client.getApiKey('gemini')).toMatchObject({ id: 'k9' });
});

for (const { name, behaviour, retryable = true } of [
  { name: 'cannot be reached', behaviour: goAway },
  { name: 'fails', behaviour: refuse(503) },
  { name: 'limits the rate', behaviour: refuse(429, { 'retry-after': '1' }) },
  { name: 'is hidden by a login page', behaviour: () => new Response('<html>', { status: 200 }) },
  { name: "is hidden by a proxy's 404", behaviour: refuse(404), retryable: false },
  {
    name: "is hidden by a proxy's redirect",
    behaviour: refuse(302, { location: 'https://sso.example' }),
    retryable: false,
  },
]) {
  test(`the last good list lives for ten minutes while the server ${name}`, async () => {
    const { client, server, clock } = setUp();
    await client.getApiKey('gemini');
    server.behave(behaviour);

    for (let minute = 1; minute <= 10; minute += 1) {
      await clock.advance(MINUTE_MS);
      expect((await client.listKeys('gemini')).map(({ id }) => id)).toEqual(['k1', 'k2']);
      await settle();
    }
    await clock.advance(1);

    expect(await catchError(client.getApiKey('gemini'))).toMatchObject({
      name: 'KeyClientError',
      retryable,
      message: expect.stringContaining('https://broker.example'),
    });
  });
}

test('in an outage one caller waits and nobody after it; then the server is asked ever more rarely', async () => {
  const { client, server, clock } = setUp();
  await client.getApiKey('gemini');
  await clock.advance(3 * MINUTE_MS);
  server.behave(hang);

  const first = client.listKeys('gemini');
  await clock.advance(5_000);
  expect((await first).length).toBe(2);
  const requestsBefore = server.gets();
  for (let second = 0; second < 120; second += 1) {
    expect(await client.listKeys('gemini')).toHaveLength(2);
    await clock.advance(1_000);
  }

  expect(server.gets() - requestsBefore).toBeGreaterThan(5);
  expect(server.gets() - requestsBefore).toBeLessThan(15);
});

test('after an outage the next refresh brings the new list', async () => {
  const { client, server, clock } = setUp();
  await client.getApiKey('gemini');
  server.behave(goAway);
  await clock.advance(3 * MINUTE_MS);
  await client.getApiKey('gemini');
  server.behave(null);
  server.setKeys([createWireKey('k9')]);
  await clock.advance(1_000);

  await client.getApiKey('gemini');
  await settle();

  expect(await client.getApiKey('gemini')).toMatchObject({ id: 'k9' });
});

test('a revoked secret stops working with the next refresh, for every provider, and is never remembered', async () => {
  const { client, server, clock } = setUp({}, [createWireKey('g1'), createWireKey('o1', 'openai')]);
  await client.getApiKey('gemini');
  await clock.advance(30_000);
  await client.getApiKey('openai');
  server.behave(refuse(401));
  await clock.advance(30_001);

  // The refresh behind this answer learns that the secret is gone …
  await client.getApiKey('gemini');
  await settle();
  // … and so the list of openai, young as it is, is gone as well.
  for (const provider of ['gemini', 'openai']) {
    const error = await catchError(client.getApiKey(provider));
    expect(error).toMatchObject({ code: 'unauthorized', retryable: false, status: 401 });
    expect(String(error)).toContain('INTERNAL_API_SECRET');
    expect(inspect(error)).not.toContain(SECRET);
  }
  server.behave(null);
  expect(await client.getApiKey('gemini')).toMatchObject({ id: 'g1' });
});

test('a revoked secret is an error at once where the server must be asked first', async () => {
  const { client, server, clock } = setUp();
  await client.getApiKey('gemini');
  server.behave(refuse(401));
  await clock.advance(2 * MINUTE_MS + 1);

  expect(await catchError(client.getApiKey('gemini'))).toMatchObject({ code: 'unauthorized' });
});

test('a rotated secret is picked up where the secret is a function', async () => {
  let secret = SECRET;
  const { client, server, clock } = setUp({ secret: () => secret });
  await client.getApiKey('gemini');
  secret = 'the-next-secret-0123456789-0123456789';
  await clock.advance(3 * MINUTE_MS);
  await client.getApiKey('gemini');

  expect(server.requests.at(-1)?.headers.get('authorization')).toBe(`Bearer ${secret}`);
});

test('a function that cannot give the secret counts as an outage, not as a no', async () => {
  let fails = false;
  const secret = () => (fails ? Promise.reject(new Error('vault is away')) : SECRET);
  const { client, clock } = setUp({ secret });
  await client.getApiKey('gemini');
  fails = true;
  await clock.advance(3 * MINUTE_MS);

  expect(await client.listKeys('gemini')).toHaveLength(2);
});

test('no healthy key is an error that is soon asked again', async () => {
  const { client, server, clock } = setUp({}, []);

  expect(await catchError(client.getApiKey('gemini'))).toMatchObject({ code: 'no_key', retryable: true });
  expect(await client.listKeys('gemini')).toEqual([]);
  expect(server.gets()).toBe(1);
  server.setKeys([createWireKey('k1')]);
  await clock.advance(5_001);

  expect(await client.getApiKey('gemini')).toMatchObject({ id: 'k1' });
});

test('an empty answer takes the place of a good list: those keys are not healthy any more', async () => {
  const { client, server, clock } = setUp();
  await client.getApiKey('gemini');
  server.setKeys([]);
  await clock.advance(3 * MINUTE_MS);
  await client.listKeys('gemini');
  server.behave(goAway);
  await clock.advance(6_000);

  expect(await catchError(client.getApiKey('gemini'))).toMatchObject({ code: 'server_unreachable' });
});

test('a server that hangs costs its deadline and no more, and is told so', async () => {
  const { client, server, clock } = setUp({ requestTimeoutMs: 2_000 });
  let isOver = false;
  server.behave(hang);
  const failed = catchError(client.getApiKey('gemini')).then((error) => {
    isOver = true;
    return error;
  });
  await clock.advance(1_999);
  expect(isOver).toBe(false);
  await clock.advance(1);

  expect(await failed).toMatchObject({
    code: 'server_unreachable',
    message: expect.stringContaining('within 2 s'),
  });
  expect(clock.pendingTimers()).toBe(0);
});

test('a fetch that its host took away does not hold up those who wait for it', async () => {
  const clock = createFakeClock();
  let isTakenAway = true;
  const hostClock: Clock = {
    now: () => clock.now(),
    startTimer: (ms, callback) => (isTakenAway ? () => undefined : clock.startTimer(ms, callback)),
  };
  const { client, server } = setUp({ requestTimeoutMs: 2_000, clock: hostClock });
  server.behave(hang);
  // What workerd does to the work of a request that has gone: no answer, no error, and its timers never fire.
  void client.getApiKey('gemini');
  await settle();
  isTakenAway = false;
  server.behave(null);
  const waiters = Promise.all([client.getApiKey('gemini'), client.getApiKey('gemini')]);
  await clock.advance(2_100);

  expect((await waiters).map(({ id }) => id)).toEqual(['k1', 'k2']);
  expect(server.gets()).toBe(2);
});

test('a key that is logged, spread or serialised does not carry its secret', async () => {
  const { client } = setUp();
  const key = await client.getApiKey('gemini');

  expect(key.key).toBe('secret-of-k1');
  for (const shown of [inspect(key), JSON.stringify(key), JSON.stringify({ ...key })]) {
    expect(shown).not.toContain('secret-of');
  }
});

test('keys of another provider and answers of another shape are refused', async () => {
  const { client, server } = setUp();
  server.behave(() => Response.json([createWireKey('k1'), createWireKey('x1', 'openai')]));
  expect((await client.listKeys('gemini')).map(({ id }) => id)).toEqual(['k1']);

  const other = setUp();
  other.server.behave(() => Response.json([{ id: 'k1', provider: 'gemini', key: '' }]));
  expect(await catchError(other.client.getApiKey('gemini'))).toMatchObject({ code: 'invalid_answer' });
});

test('a redirect is refused: the secret goes to one server only', async () => {
  const { client, server } = setUp();
  server.behave(() => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }));

  expect(await catchError(client.getApiKey('gemini'))).toMatchObject({ code: 'refused', status: 302 });
  expect(server.requests).toHaveLength(1);
});

test.each([
  ['http://broker.example', 'plain http'],
  ['broker.example', 'must be an address'],
  ['ftp://broker.example', 'must be an address'],
  ['https://user:pass@broker.example', 'must be an address'],
])('the address %s is refused', (baseUrl, reason) => {
  expect(() => createKeyClient({ baseUrl, secret: SECRET })).toThrow(reason);
});

test('http is allowed on loopback, and elsewhere on demand', async () => {
  for (const options of [
    { baseUrl: 'http://127.0.0.1:8787' },
    { baseUrl: 'http://localhost' },
    { baseUrl: 'http://[::1]:1' },
    { baseUrl: 'http://broker.internal', allowPlainHttp: true },
  ]) {
    const server = createFakeKeyServer();
    await createKeyClient({ ...options, secret: SECRET, fetch: server.fetch }).getApiKey('gemini');
    expect(server.requests[0]?.url.href).toContain(options.baseUrl);
  }
});

test('a secret that no header can carry, and a negative time, are refused without being repeated', () => {
  expect(() => createKeyClient({ baseUrl: 'https://b.example', secret: 'bad\nsecret' })).toThrow(
    expect.objectContaining({ code: 'invalid_options', message: expect.not.stringContaining('bad') }),
  );
  expect(() => createKeyClient({ baseUrl: 'https://b.example', secret: SECRET, ttlMs: -1 })).toThrow('ttlMs');
});

test('a client that was closed says so', async () => {
  const { client } = setUp();
  await client.close();

  expect(await catchError(client.getApiKey('gemini'))).toMatchObject({ code: 'closed' });
});
