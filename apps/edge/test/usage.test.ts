import * as z from 'zod';

import type { TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { connect, connectOperator } from './support/trpc.ts';

const RESPONSE_DONE = {
  type: 'response.done',
  event_id: 'event_1',
  response: {
    id: 'resp_1',
    object: 'realtime.response',
    status: 'completed',
    status_details: null,
    output: [
      {
        id: 'item_2',
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_audio', transcript: 'CANARY-what-was-said' }],
      },
    ],
    usage: {
      total_tokens: 253,
      input_tokens: 132,
      output_tokens: 121,
      input_token_details: {
        text_tokens: 119,
        audio_tokens: 13,
        image_tokens: 0,
        cached_tokens: 64,
        cached_tokens_details: { text_tokens: 64, audio_tokens: 0, image_tokens: 0 },
      },
      output_token_details: { text_tokens: 30, audio_tokens: 91, reasoning_tokens: 12 },
    },
  },
};
const RESPONSE_COST = Math.round(55 * 4 + 64 * 0.4 + 13 * 32 + 30 * 24 + 91 * 64);

const TRANSCRIBED = {
  type: 'conversation.item.input_audio_transcription.completed',
  event_id: 'event_2',
  item_id: 'item_1',
  content_index: 0,
  transcript: 'CANARY-what-was-heard',
  usage: { type: 'duration', seconds: 6 },
};

async function mint(host: TestHost): Promise<{ id: string; providerId: string }> {
  const response = await host.post('/v1/realtime/client_secrets', {});
  const { session } = z.object({ session: z.object({ id: z.string() }) }).parse(await response.json());
  return { id: response.headers.get('x-broker-session-id') ?? '', providerId: session.id };
}

async function readRow(host: TestHost, id: string) {
  const [row] = await host.readRows('select * from sessions where id = ?', [id]);
  return row;
}

function pathOf(id: string): string {
  return `/v1/realtime/sessions/${id}/usage`;
}

test('whole events are taken as the provider sends them, each once', async ({ host, expect }) => {
  const { id, providerId } = await mint(host);

  const first = await host.post(pathOf(id), RESPONSE_DONE);
  expect([first.status, await first.json()]).toEqual([200, { counted: 1, duplicates: 0 }]);
  const again = await host.post(pathOf(providerId), RESPONSE_DONE);
  expect(await again.json()).toEqual({ counted: 0, duplicates: 1 });
  const heard = await host.post(`${pathOf(id)}?model=gpt-realtime-whisper`, TRANSCRIBED);
  expect(await heard.json()).toEqual({ counted: 1, duplicates: 0 });

  expect(await readRow(host, id)).toMatchObject({
    state: 'connected',
    cost_micro_usd: RESPONSE_COST + 1_700,
    cost_status: 'known',
    cost_source: 'responses',
  });
  const events = await host.readRows('select * from usage_events where session_id = ?', [id]);
  expect(new Set(events.map(({ event_id: eventId }) => eventId))).toEqual(new Set(['item_1:0', 'resp_1']));
  expect(JSON.stringify(events)).not.toContain('CANARY');
});

test('a bare usage object counts once as well, by what it says or by its Idempotency-Key', async ({
  host,
  expect,
}) => {
  const { id } = await mint(host);
  const { usage } = RESPONSE_DONE.response;
  const send = async (headers: Record<string, string> = {}) => {
    const response = await host.post(pathOf(id), usage, { headers });
    return z.object({ counted: z.number() }).parse(await response.json()).counted;
  };
  expect([await send(), await send()]).toEqual([1, 0]);
  expect([await send({ 'idempotency-key': 'a' }), await send({ 'idempotency-key': 'a' })]).toEqual([1, 0]);
  expect(await readRow(host, id)).toMatchObject({ cost_micro_usd: 2 * RESPONSE_COST });
});

test('usage that cannot be split costs at least its cheapest reading', async ({ host, expect }) => {
  const { id } = await mint(host);
  const usage = {
    input_tokens: 100,
    output_tokens: 100,
    input_token_details: { text_tokens: 50, audio_tokens: 50, cached_tokens: 50 },
    output_token_details: { text_tokens: 50, audio_tokens: 50 },
  };
  expect((await host.post(pathOf(id), usage)).status).toBe(200);
  expect(await readRow(host, id)).toMatchObject({
    cost_micro_usd: 50 * 4 + 50 * 0.4 + 50 * 24 + 50 * 64,
    cost_status: 'estimated',
    cost_source: 'reported',
  });
});

test("a stranger's session is not found, exactly as one that does not exist", async ({ host, expect }) => {
  const { id } = await mint(host);
  const options = { token: await host.issuer.sign(), headers: { 'x-request-id': 'the-same' } };
  const theirs = await host.post(pathOf(id), RESPONSE_DONE, options);
  const nobodys = await host.post(pathOf(`${id.slice(0, -4)}0000`), RESPONSE_DONE, options);
  expect(theirs.status).toBe(404);
  expect(await theirs.text()).toBe(await nobodys.text());
  const anonymous = await host.post(pathOf(id), RESPONSE_DONE, { token: null });
  expect(anonymous.status).toBe(401);
  expect(await readRow(host, id)).toMatchObject({ state: 'issued', cost_micro_usd: null });
});

const { usage: USAGE } = RESPONSE_DONE.response;
for (const [what, body] of Object.entries({
  'a negative count': { ...USAGE, input_tokens: -1 },
  'a count beyond reason': { ...USAGE, input_tokens: 1e15 },
  'a fraction of a token': { ...USAGE, output_tokens: 0.5 },
  'a word for a count': { ...USAGE, output_tokens: 'NaN' },
  'null for a count': { ...USAGE, output_tokens: null },
  'a duration below zero': { type: 'duration', seconds: -1 },
  'a duration of years': { type: 'duration', seconds: 1e9 },
  'an event that is no usage': { type: 'session.created', session: {} },
  'an event without an id': { type: 'response.done', response: { usage: USAGE } },
  'an id that is ours': { type: 'response.done', response: { id: 'totals', usage: USAGE } },
  'an id of a thousand letters': { type: 'response.done', response: { id: 'r'.repeat(1_000), usage: USAGE } },
  'an object that names no tokens': {},
  'a list': [USAGE],
  'a word': 'usage',
})) {
  test(`${what} is refused and changes nothing`, async ({ host, expect }) => {
    const { id } = await mint(host);
    const response = await host.post(pathOf(id), body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
    expect(await readRow(host, id)).toMatchObject({ state: 'issued', cost_micro_usd: null, usage: null });
  });
}

test('not a number and no JSON are refused before anything looks at them', async ({ host, expect }) => {
  const { id } = await mint(host);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${host.userToken}` };
  const body = '{"input_tokens":NaN}';
  const response = await host.fetch(pathOf(id), { method: 'POST', headers, body });
  expect(response.status).toBe(400);
});

function event(eventId: string) {
  return { eventId, kind: 'response' as const, usage: USAGE };
}

test('the typed call takes many at once, strictly', async ({ host, expect }) => {
  const { id: sessionId } = await mint(host);
  const client = connect(host);
  const many = Array.from({ length: 64 }, (_, index) => event(`resp_${index}`));
  expect(await client.sessions.reportUsage.mutate({ sessionId, events: many })).toEqual({
    counted: 64,
    duplicates: 0,
  });
  const tooMany = { sessionId, events: [...many, event('one more')] };
  await expect(client.sessions.reportUsage.mutate(tooMany)).rejects.toMatchObject({
    data: { appCode: 'invalid_request' },
  });
  const unknown = { sessionId, events: [{ ...event('resp_x'), costMicroUsd: 0 }] };
  await expect(client.sessions.reportUsage.mutate(unknown)).rejects.toMatchObject({
    data: { appCode: 'invalid_request' },
  });
  expect(await readRow(host, sessionId)).toMatchObject({ cost_micro_usd: 64 * RESPONSE_COST });
});

test('the overview and the series say what was used', async ({ host, expect }) => {
  const { id } = await mint(host);
  await host.post(pathOf(id), RESPONSE_DONE);
  await host.post('/api/realtime/end', { sessionId: id, duration: 0, messageCount: 2, endedBy: 'user' });
  const client = await connectOperator(host);

  const overview = await client.overview.get.query({ timeZone: 'UTC' });
  expect(overview.steps).toEqual({ hasKey: true, hasMint: true, hasCall: true });
  expect(overview.hours).toHaveLength(24);
  expect(overview.mints24h).toBeGreaterThan(0);
  expect(overview.mintP50Ms).toBeGreaterThan(0);
  expect(overview.spentTodayMicroUsd).toBeGreaterThanOrEqual(RESPONSE_COST);

  const nowMs = Date.now();
  const series = await client.usage.series.query({
    from: new Date(nowMs - 3_600_000).toISOString(),
    to: new Date(nowMs + 60_000).toISOString(),
    interval: 'hour',
    timeZone: 'UTC',
    groupBy: 'model',
  });
  const known = await host.readRows(
    'select sum(known_micro_usd) as sum from usage_hours where hour_start >= ?',
    [Date.parse(series.buckets[0] ?? '')],
  );
  expect(series.totals.knownMicroUsd).toBe(Number(known[0]?.['sum']));
  expect(series.groups.map(({ id: group }) => group)).toContain('gpt-realtime-2.1');
  await expect(connect(host).overview.get.query({ timeZone: 'UTC' })).rejects.toMatchObject({
    data: { appCode: 'forbidden' },
  });
});
