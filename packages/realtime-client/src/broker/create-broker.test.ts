import { test } from 'vitest';

import type { EndReport } from './broker.ts';
import { createBroker } from './create-broker.ts';

type Exchange = { url: string; headers: Headers; body: unknown; keepalive: boolean };

/** A broker over HTTP that answers by path. */
function createServer(answers: Record<string, () => Response>) {
  const exchanges: Exchange[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const text = await request.text();
    exchanges.push({
      url: request.url,
      headers: request.headers,
      body: text === '' ? null : JSON.parse(text),
      keepalive: init?.keepalive ?? false,
    });
    const answer = answers[new URL(request.url).pathname];
    if (!answer) throw new TypeError('fetch failed');
    return answer();
  };
  return { fetch, exchanges };
}

function createClient(answers: Record<string, () => Response>, beacons: [string, unknown][] = []) {
  const server = createServer(answers);
  const broker = createBroker({
    url: 'https://broker.test/',
    getAccessToken: () => Promise.resolve('jwt-1'),
    fetch: server.fetch,
    sendBeacon: (url, body) => beacons.push([url, JSON.parse(body)]) > 0,
  });
  return { ...server, broker, beacons };
}

const succeed = (data: unknown) => () => Response.json({ result: { data } });

function refuse(appCode: string, httpStatus: number, details = {}) {
  const data = { code: 'X', httpStatus, path: 'p', appCode, requestId: 'req_1', details };
  return () =>
    Response.json({ error: { message: 'For a person', code: -32_603, data } }, { status: httpStatus });
}

const TOKEN = {
  value: 'ek_1',
  expiresAt: '2026-11-21T12:01:00.000Z',
  serverTime: '2026-11-21T12:00:00.000Z',
  sessionId: 'ses_1',
  providerSessionId: 'sess_1',
  callsUrl: 'https://provider.test/v1/realtime/calls',
  model: 'gpt-realtime-2.1',
  session: {},
  warnings: [{ code: 'model_shutdown', message: 'Soon' }],
};

const REPORT: EndReport = { sessionId: 'ses_1', duration: 3.5, messageCount: 2, endedBy: 'user' };

test('mints with the user’s token and reads the dates', async ({ expect }) => {
  const { broker, exchanges } = createClient({ '/trpc/tokens.create': succeed(TOKEN) });
  expect(await broker.mint({ ttlSeconds: 60 })).toEqual({
    value: 'ek_1',
    expiresAt: new Date('2026-11-21T12:01:00Z'),
    serverTime: new Date('2026-11-21T12:00:00Z'),
    sessionId: 'ses_1',
    callsUrl: TOKEN.callsUrl,
    model: 'gpt-realtime-2.1',
    warnings: TOKEN.warnings,
  });
  expect(exchanges[0]?.headers.get('authorization')).toBe('Bearer jwt-1');
  expect(exchanges[0]?.body).toEqual({ ttlSeconds: 60 });
});

test('a refused mint says why, and which row records it', async ({ expect }) => {
  const { broker } = createClient({
    '/trpc/tokens.create': refuse('forbidden', 403, { sessionId: 'ses_9' }),
  });
  await expect(broker.mint({})).rejects.toMatchObject({
    code: 'mint_refused',
    message: 'For a person',
    brokerCode: 'forbidden',
    status: 403,
    requestId: 'req_1',
    sessionId: 'ses_9',
    retryable: false,
  });
});

test('a provider that the broker cannot reach is told apart from a refusal', async ({ expect }) => {
  const away = createClient({ '/trpc/tokens.create': refuse('upstream_timeout', 504) });
  await expect(away.broker.mint({})).rejects.toMatchObject({ code: 'provider_unreachable', retryable: true });
  const provider = { status: 429, code: 'insufficient_quota' };
  const refused = createClient({ '/trpc/tokens.create': refuse('upstream_rejected', 502, { provider }) });
  await expect(refused.broker.mint({})).rejects.toMatchObject({
    code: 'mint_refused',
    providerCode: 'insufficient_quota',
    retryable: false,
  });
  const failing = { status: 500, code: null };
  const failed = createClient({
    '/trpc/tokens.create': refuse('upstream_rejected', 502, { provider: failing }),
  });
  await expect(failed.broker.mint({})).rejects.toMatchObject({ code: 'mint_refused', retryable: true });
});

test('a broker that is away is unreachable, and so is one that answers with something else', async ({
  expect,
}) => {
  const away = createClient({});
  await expect(away.broker.mint({})).rejects.toMatchObject({ code: 'broker_unreachable', retryable: true });
  const proxy = createClient({ '/trpc/tokens.create': () => new Response('<html>', { status: 502 }) });
  await expect(proxy.broker.mint({})).rejects.toMatchObject({ code: 'broker_unreachable' });
});

test('without an access token there is no mint', async ({ expect }) => {
  const { fetch } = createServer({});
  const signedOut = createBroker({
    url: '',
    fetch,
    getAccessToken: () => Promise.reject(new Error('signed out')),
  });
  await expect(signedOut.mint({})).rejects.toMatchObject({
    code: 'mint_refused',
    brokerCode: 'unauthenticated',
  });
  const offline = createBroker({
    url: '',
    fetch,
    getAccessToken: () => Promise.reject(new TypeError('offline')),
  });
  await expect(offline.mint({})).rejects.toMatchObject({ code: 'broker_unreachable' });
});

test('issues ICE servers, or says that there are none', async ({ expect }) => {
  const iceServers = [{ urls: ['turn:turn.test'], username: 'u', credential: 'c' }];
  const issued = { provider: 'coturn', iceServers, expiresAt: TOKEN.expiresAt, ttl: 60, revocable: false };
  const { broker } = createClient({ '/trpc/turn.issue': succeed(issued) });
  expect(await broker.issueIceServers()).toMatchObject({ provider: 'coturn', iceServers });
  const none = createClient({ '/trpc/turn.issue': refuse('unavailable', 503) });
  await expect(none.broker.issueIceServers()).rejects.toMatchObject({ code: 'turn_unavailable' });
});

test('reports the connection', async ({ expect }) => {
  const { broker, exchanges } = createClient({ '/trpc/sessions.reportConnected': succeed({ ok: true }) });
  const report = {
    sessionId: 'ses_1',
    transport: 'webrtc' as const,
    steps: [{ name: 'token' as const, ms: 12 }],
  };
  await broker.reportConnected(report);
  expect(exchanges[0]?.body).toEqual(report);
  const refused = createClient({ '/trpc/sessions.reportConnected': refuse('not_found', 404) });
  await expect(refused.broker.reportConnected(report)).rejects.toMatchObject({ code: 'report_refused' });
});

test('gives a sign of life and hears how long the call may last', async ({ expect }) => {
  const answer = { deadlineAt: '2026-11-21T12:30:00.000Z', remainingSeconds: 1_795 };
  const { broker, exchanges } = createClient({ '/trpc/sessions.heartbeat': succeed(answer) });
  expect(await broker.heartbeat('ses_1')).toEqual({ remainingSeconds: 1_795 });
  expect(exchanges[0]?.body).toEqual({ sessionId: 'ses_1' });
});

test('reports usage; from a closing page by a request that outlives it', async ({ expect }) => {
  const { broker, exchanges } = createClient({
    '/trpc/tokens.create': succeed(TOKEN),
    '/trpc/sessions.reportUsage': succeed({ counted: 1, duplicates: 0 }),
  });
  const usage = { total_tokens: 3 };
  const report = { sessionId: 'ses_1', events: [{ eventId: 'resp_1', kind: 'response' as const, usage }] };
  await broker.mint({});
  await broker.reportUsage(report);
  broker.reportUsageOnClose(report);
  await new Promise((resolve) => void setImmediate(resolve));
  const [, open, closing] = exchanges;
  expect([open?.body, closing?.body]).toEqual([report, report]);
  expect([open?.keepalive, closing?.keepalive]).toEqual([false, true]);
  expect(closing?.url).toBe('https://broker.test/trpc/sessions.reportUsage');
  expect(closing?.headers.get('authorization')).toBe('Bearer jwt-1');
});

test('usage that the broker refuses is no use to send again', async ({ expect }) => {
  const { broker } = createClient({ '/trpc/sessions.reportUsage': refuse('conflict', 409) });
  const refused = broker.reportUsage({ sessionId: 'ses_1', events: [] });
  await expect(refused).rejects.toMatchObject({ code: 'report_refused', retryable: false });
});

test('reports the end so that it outlives the page', async ({ expect }) => {
  const { broker, exchanges } = createClient({ '/api/realtime/end': () => Response.json({ success: true }) });
  await broker.reportEnd(REPORT);
  expect(exchanges[0]).toMatchObject({
    url: 'https://broker.test/api/realtime/end',
    body: REPORT,
    keepalive: true,
  });
  expect(exchanges[0]?.headers.get('authorization')).toBe('Bearer jwt-1');
});

test('a refused end is worth another try only when the broker is at fault', async ({ expect }) => {
  const end = (status: number) =>
    createClient({ '/api/realtime/end': () => new Response('{}', { status }) }).broker;
  await expect(end(503).reportEnd(REPORT)).rejects.toMatchObject({ code: 'report_refused', retryable: true });
  await expect(end(404).reportEnd(REPORT)).rejects.toMatchObject({
    code: 'report_refused',
    retryable: false,
    status: 404,
  });
  await expect(createClient({}).broker.reportEnd(REPORT)).rejects.toMatchObject({
    code: 'broker_unreachable',
  });
});

test('the closing report carries the last access token in its body', async ({ expect }) => {
  const { broker, beacons } = createClient({});
  await broker.refreshAccess();
  expect(broker.reportEndOnClose(REPORT)).toBe(true);
  expect(beacons).toEqual([['https://broker.test/api/realtime/end', { ...REPORT, accessToken: 'jwt-1' }]]);
});

test('without a beacon the closing report goes by a request that outlives the page', async ({ expect }) => {
  const { fetch, exchanges } = createServer({ '/api/realtime/end': () => Response.json({}) });
  const broker = createBroker({
    url: 'https://broker.test',
    fetch,
    getAccessToken: () => 'jwt-2',
    sendBeacon: () => false,
  });
  await broker.refreshAccess();
  expect(broker.reportEndOnClose(REPORT)).toBe(false);
  await expect
    .poll(() => exchanges)
    .toMatchObject([{ body: { sessionId: 'ses_1', accessToken: 'jwt-2' }, keepalive: true }]);
});
