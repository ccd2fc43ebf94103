import { test } from 'vitest';

import { ADA, BOB, createTestApi, NOBODY, OPERATOR, START_MS } from '../../../test/fixtures.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { createToken } from '../tokens/create.ts';
import { endSessionSchema } from '../../routers/schemas.ts';
import { endSession } from './end.ts';
import type { EndSessionInput } from './end.ts';
import { reportConnected } from './report-connected.ts';

const REPORT = { duration: 30, messageCount: 4, endedBy: 'user' } as const;

async function mint(api: TestApi): Promise<{ id: string; providerId: string }> {
  const { sessionId, secret } = await createToken(api.as(ADA), {});
  return { id: sessionId, providerId: secret.session.id };
}

async function readRow(api: TestApi, id: string) {
  const [row] = await api.database.read('select * from sessions where id = ?1', [id]);
  return row;
}

test('stores what the client reports', async ({ expect }) => {
  await using api = await createTestApi();
  const { id } = await mint(api);
  await reportConnected(api.as(ADA), {
    sessionId: id,
    transport: 'webrtc',
    steps: [{ name: 'offer', ms: 12 }],
  });
  api.clock.advance(34_000);
  const usage = { total_tokens: 900, input_tokens: 600 };
  expect(await endSession(api.as(ADA), { ...REPORT, sessionId: id, usage })).toEqual({
    ...REPORT,
    sessionId: id,
  });
  expect(await readRow(api, id)).toMatchObject({
    state: 'ended',
    ended_by: 'user',
    ended_at: START_MS + 34_000,
    duration_seconds: 30,
    reported_duration_seconds: 30,
    is_duration_disputed: 0,
    message_count: 4,
    usage: JSON.stringify(usage),
    steps: '[{"name":"offer","ms":12}]',
    reason: null,
  });
});

test('a repeated end changes nothing and answers what the first one did', async ({ expect }) => {
  await using api = await createTestApi();
  const { id, providerId } = await mint(api);
  api.clock.advance(40_000);
  const first = await endSession(api.as(ADA), { ...REPORT, sessionId: id });
  const before = await readRow(api, id);
  api.clock.advance(60_000);
  const again: EndSessionInput = {
    sessionId: id,
    duration: 99,
    messageCount: 0,
    endedBy: 'error',
    reason: 'later',
  };
  expect(await endSession(api.as(ADA), again)).toEqual(first);
  expect(await endSession(api.as(ADA), { ...again, sessionId: providerId })).toEqual({
    ...first,
    sessionId: providerId,
  });
  expect(await readRow(api, id)).toEqual(before);
});

test('of twenty ends at once exactly one counts', async ({ expect }) => {
  await using api = await createTestApi();
  const { id } = await mint(api);
  api.clock.advance(60_000);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      endSession(api.as(ADA), { ...REPORT, sessionId: id, messageCount: index, duration: index }),
    ),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(api.logger.lines.filter(({ event }) => event === 'session.ended')).toHaveLength(1);
});

test('a duration that the clock rules out is flagged, and the clock is believed', async ({ expect }) => {
  await using api = await createTestApi();
  const { id } = await mint(api);
  api.clock.advance(10_000);
  expect(await endSession(api.as(ADA), { ...REPORT, sessionId: id, duration: 3_600 })).toMatchObject({
    duration: 10,
  });
  expect(await readRow(api, id)).toMatchObject({
    duration_seconds: 10,
    reported_duration_seconds: 3_600,
    is_duration_disputed: 1,
  });
});

test('clocks that differ by a moment are no dispute', async ({ expect }) => {
  await using api = await createTestApi();
  const { id } = await mint(api);
  api.clock.advance(10_000);
  expect(await endSession(api.as(ADA), { ...REPORT, sessionId: id, duration: 14.9 })).toMatchObject({
    duration: 14.9,
  });
  expect(await readRow(api, id)).toMatchObject({ is_duration_disputed: 0 });
});

test('an error before the call stood is a failed session, one after it an ended one', async ({ expect }) => {
  await using api = await createTestApi();
  const denied = await mint(api);
  const report = { duration: 0, messageCount: 0, endedBy: 'error' } as const;
  await endSession(api.as(ADA), { ...report, sessionId: denied.id, reason: 'microphone_denied' });
  expect(await readRow(api, denied.id)).toMatchObject({
    state: 'failed',
    ended_by: 'error',
    reason: 'microphone_denied',
  });
  const broken = await mint(api);
  await reportConnected(api.as(ADA), { sessionId: broken.id, transport: 'webrtc' });
  await endSession(api.as(ADA), { ...report, sessionId: broken.id, reason: 'connection_lost' });
  expect(await readRow(api, broken.id)).toMatchObject({
    state: 'ended',
    ended_by: 'error',
    reason: 'connection_lost',
  });
});

test("refuses another's id, an unknown one and nobody at all, with one answer", async ({ expect }) => {
  await using api = await createTestApi();
  const { id, providerId } = await mint(api);
  const before = await readRow(api, id);
  const unknown: unknown = await endSession(api.as(BOB), { ...REPORT, sessionId: 'ses_x' }).catch(
    (error: unknown) => error,
  );
  expect(unknown).toMatchObject({ code: 'not_found', httpStatus: 404 });
  for (const sessionId of [id, providerId]) {
    for (const actor of [BOB, OPERATOR]) {
      await expect(endSession(api.as(actor), { ...REPORT, sessionId })).rejects.toEqual(unknown);
    }
  }
  await expect(endSession(api.as(NOBODY), { ...REPORT, sessionId: id })).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  expect(await readRow(api, id)).toEqual(before);
});

test('a session that never began is over already', async ({ expect }) => {
  await using api = await createTestApi();
  api.upstream.answer(() => ({ status: 400 }));
  await createToken(api.as(ADA), {}).catch(() => undefined);
  const [row] = await api.database.read('select id from sessions');
  const sessionId = String(row?.['id']);
  expect(await endSession(api.as(ADA), { ...REPORT, sessionId })).toEqual({
    sessionId,
    duration: 0,
    messageCount: 0,
    endedBy: 'error',
  });
  expect(await readRow(api, sessionId)).toMatchObject({ state: 'failed', reason: 'upstream_rejected' });
});

test('a length beyond all sense and a usage without any still end the session', async ({ expect }) => {
  await using api = await createTestApi();
  const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
  const usages = [null, { tokens: [1] }, [], 'much', { note: 'ek_0123456789ABCDEF' }, { a: deep }];
  for (const usage of usages) {
    const { id } = await mint(api);
    const input = endSessionSchema.parse({ ...REPORT, sessionId: id, duration: 1_800_000, usage });
    await endSession(api.as(ADA), input);
    expect(await readRow(api, id)).toMatchObject({
      state: 'ended',
      reported_duration_seconds: 1_800_000,
      is_duration_disputed: 1,
      usage: null,
    });
  }
  for (const duration of [-1, '30', Number.NaN, Number.POSITIVE_INFINITY, null]) {
    expect(endSessionSchema.safeParse({ ...REPORT, sessionId: 'x', duration }).success).toBe(false);
  }
});
