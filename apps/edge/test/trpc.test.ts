import { TRPCClientError } from '@trpc/client';

import { test } from './support/host-test.ts';
import { connect, signInOperator } from './support/trpc.ts';

test('a token is minted with all that a client needs to call', async ({ host, expect }) => {
  const token = await connect(host).tokens.create.mutate({ ttlSeconds: 60, session: { type: 'realtime' } });

  expect(token).toMatchObject({
    value: expect.stringMatching(/^ek_/),
    sessionId: expect.stringMatching(/^ses_/),
    providerSessionId: expect.stringMatching(/^sess_/),
    callsUrl: `${host.simulator.url}/v1/realtime/calls`,
    model: 'gpt-realtime-2.1',
    warnings: [],
  });
  const secondsLeft = (Date.parse(token.expiresAt) - Date.parse(token.serverTime)) / 1_000;
  expect(secondsLeft).toBeGreaterThan(50);
  expect(secondsLeft).toBeLessThanOrEqual(60);
});

test('a session goes from issued over connected to ended, and its detail tells all of it', async ({
  host,
  expect,
}) => {
  const client = connect(host);
  const { sessionId } = await client.tokens.create.mutate({});

  await client.sessions.reportConnected.mutate({
    sessionId,
    callId: 'rtc_test',
    transport: 'webrtc',
    icePair: { local: 'relay', remote: 'host', protocol: 'udp' },
    steps: [{ name: 'offer', ms: 12 }],
  });
  await client.sessions.end.mutate({ sessionId, duration: 0.2, messageCount: 2, endedBy: 'user' });

  expect(await client.sessions.get.query({ id: sessionId })).toMatchObject({
    state: 'ended',
    callId: 'rtc_test',
    transport: 'webrtc',
    icePair: { local: 'relay', remote: 'host', protocol: 'udp' },
    durationSeconds: 0.2,
    messageCount: 2,
    isDurationDisputed: false,
    attempts: [{ status: 200, code: null }],
  });
});

test("a user sees own sessions only, the operator everybody's", async ({ host, expect }) => {
  const stranger = connect(host, await host.issuer.sign());
  const { sessionId } = await stranger.tokens.create.mutate({});
  const operator = connect(host, await signInOperator(host));

  expect((await stranger.sessions.list.query({})).items.map(({ id }) => id)).toEqual([sessionId]);
  expect((await connect(host).sessions.list.query({ limit: 100 })).items.map(({ id }) => id)).not.toContain(
    sessionId,
  );
  expect((await operator.sessions.list.query({ limit: 100 })).items.map(({ id }) => id)).toContain(sessionId);
  expect(await operator.sessions.get.query({ id: sessionId })).toMatchObject({ id: sessionId });
});

test('the log is paged without gaps or repeats', async ({ host, expect }) => {
  const client = connect(host);
  const all = (await client.sessions.list.query({ limit: 100 })).items.map(({ id }) => id);
  const paged: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: { id: string }[]; nextCursor: string | null } = await client.sessions.list.query({
      limit: 3,
      ...(cursor === null ? {} : { cursor }),
    });
    paged.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);

  expect(all.length).toBeGreaterThan(10);
  expect(paged).toEqual(all);
});

test("another's session is not found, neither to read nor to report nor to end", async ({ host, expect }) => {
  const { sessionId } = await connect(host).tokens.create.mutate({});
  const stranger = connect(host, await host.issuer.sign());
  const isNotFound = { data: { appCode: 'not_found', httpStatus: 404 } };

  await expect(stranger.sessions.get.query({ id: sessionId })).rejects.toMatchObject(isNotFound);
  await expect(
    stranger.sessions.reportConnected.mutate({ sessionId, transport: 'webrtc' }),
  ).rejects.toMatchObject(isNotFound);
  await expect(
    stranger.sessions.end.mutate({ sessionId, duration: 0, messageCount: 0, endedBy: 'user' }),
  ).rejects.toMatchObject(isNotFound);
});

test('ICE servers, models and the caller are told', async ({ host, expect }) => {
  const client = connect(host);

  expect(await client.turn.issue.mutate({})).toMatchObject({ provider: 'coturn', ttl: 3_600 });
  const { defaultModel, models } = await client.models.list.query();
  expect(models.find(({ id }) => id === defaultModel)).toMatchObject({ isDefault: true, kind: 'realtime' });
  expect(await client.me.get.query()).toMatchObject({ email: 'user@demo.local', role: 'user' });
});

test('every procedure refuses a caller without a token', async ({ host, expect }) => {
  const client = connect(host, null);
  const calls = [
    client.me.get.query(),
    client.models.list.query(),
    client.sessions.list.query({}),
    client.sessions.get.query({ id: 'ses_x' }),
    client.sessions.reportConnected.mutate({ sessionId: 'ses_x', transport: 'webrtc' }),
    client.sessions.end.mutate({ sessionId: 'ses_x', duration: 0, messageCount: 0, endedBy: 'user' }),
    client.tokens.create.mutate({}),
    client.turn.issue.mutate({}),
  ];
  for (const outcome of await Promise.allSettled(calls)) {
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { data: { appCode: 'unauthenticated', httpStatus: 401 } },
    });
  }
});

test('an error tells code, request id and field, and never a stack', async ({ host, expect }) => {
  const response = await host.post('/trpc/tokens.create', { ttlSeconds: 1, session: { type: 'realtime' } });

  expect(response.status).toBe(400);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({
    error: {
      data: {
        appCode: 'invalid_request',
        requestId: response.headers.get('x-request-id'),
        details: { param: 'ttlSeconds' },
      },
    },
  });
  expect(text).not.toContain('"stack"');
  expect(text).not.toContain('.ts:');
});

test('a failing provider is told in words, with the row that records it', async ({ host, expect }) => {
  await host.simulator.admin.setFault({
    match: { path: '/v1/realtime/client_secrets' },
    action: { kind: 'status', status: 401 },
  });

  const error: unknown = await connect(host)
    .tokens.create.mutate({})
    .catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(TRPCClientError);
  expect(error).toMatchObject({
    data: {
      appCode: 'upstream_rejected',
      httpStatus: 502,
      details: { sessionId: expect.stringMatching(/^ses_/) },
    },
  });
});

test('a batch of more than ten calls is refused', async ({ host, expect }) => {
  const paths = Array.from({ length: 11 }, () => 'me.get').join(',');

  const response = await host.fetch(`/trpc/${paths}?batch=1&input={}`, {
    headers: { authorization: `Bearer ${host.userToken}` },
  });

  expect(response.status).toBe(400);
});
