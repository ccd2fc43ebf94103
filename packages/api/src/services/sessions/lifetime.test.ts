import { test as base } from 'vitest';

import { expectCountersToEqualRows, KEY } from '../../../test/admission.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, BOB, createTestApi, OPERATOR, START_MS } from '../../../test/fixtures.ts';
import { estimateMicroUsd, worstCaseMicroUsd } from '../../pricing/estimate.ts';
import { createToken } from '../tokens/create.ts';
import { endSession } from './end.ts';
import { getSession } from './get.ts';
import { heartbeat } from './heartbeat.ts';
import { listSessions } from './list.ts';
import { reportConnected } from './report-connected.ts';

const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi();
    await use(api);
  },
});

const MODEL = 'gpt-realtime-2.1';

async function call(api: TestApi, afterMs = 10_000): Promise<string> {
  const { sessionId } = await createToken(api.as(ADA), {});
  api.clock.advance(afterMs);
  await reportConnected(api.as(ADA), { sessionId, transport: 'webrtc' });
  return sessionId;
}

test('a conversation may last its limit from when it stood; a heartbeat says what is left', async ({
  api,
  expect,
}) => {
  const sessionId = await call(api);
  const deadlineAt = new Date(START_MS + 10_000 + 1_800_000).toISOString();
  api.clock.advance(600_000);

  expect(await heartbeat(api.as(ADA), { sessionId })).toEqual({ deadlineAt, remainingSeconds: 1_200 });
  await reportConnected(api.as(ADA), { sessionId, transport: 'webrtc' });
  expect(await getSession(api.as(ADA), { id: sessionId })).toMatchObject({
    state: 'connected',
    deadlineAt,
    limitSeconds: 1_800,
    lastSeenAt: new Date(START_MS + 610_000).toISOString(),
  });
  await expect(heartbeat(api.as(BOB), { sessionId })).rejects.toMatchObject({ code: 'not_found' });
});

test('what its client never ended is over at its limit, by the length and as an estimate', async ({
  api,
  expect,
}) => {
  const sessionId = await call(api);
  api.clock.advance(1_799_999);
  expect(await heartbeat(api.as(ADA), { sessionId })).toMatchObject({ remainingSeconds: 0 });
  api.clock.advance(1);

  const over = await getSession(api.as(ADA), { id: sessionId });

  expect(over).toMatchObject({
    state: 'ended',
    endedBy: 'timeout',
    endedAt: new Date(START_MS + 1_810_000).toISOString(),
    durationSeconds: 1_800,
    deadlineAt: null,
    costStatus: 'estimated',
    costSource: 'duration',
    costMicroUsd: estimateMicroUsd(MODEL, 1_800, START_MS),
  });
  expect(await heartbeat(api.as(ADA), { sessionId })).toEqual({
    deadlineAt: over.endedAt,
    remainingSeconds: 0,
  });
  await expectCountersToEqualRows(api, expect);
});

test('an end that comes after the limit tells what it still has to tell, once, and does not move the end', async ({
  api,
  expect,
}) => {
  const sessionId = await call(api);
  api.clock.advance(1_805_000);
  const report = { sessionId, duration: 1_805, messageCount: 9, endedBy: 'user' } as const;

  const first = await endSession(api.as(ADA), report);
  const again = await endSession(api.as(ADA), { ...report, messageCount: 10 });

  expect(first).toEqual({ sessionId, duration: 1_800, messageCount: 9, endedBy: 'timeout' });
  expect(again).toEqual(first);
  await expectCountersToEqualRows(api, expect);
});

test('where the database takes no write, the clock alone says what is over', async ({ api, expect }) => {
  const ids = [await call(api), (await createToken(api.as(ADA), {})).sessionId];
  const open = await listSessions(api.as(ADA), { isOpen: true });
  expect(open.items.map(({ id }) => id)).toEqual(ids.toReversed());
  api.clock.advance(3_600_000);
  const readOnly = {
    ...api.as(ADA),
    database: { ...api.database, writeAll: () => Promise.reject(new Error('readonly database')) },
  };

  const { items } = await listSessions(readOnly, { state: 'ended' });

  expect(items.map(({ state, endedBy, reason }) => ({ state, endedBy, reason }))).toEqual([
    { state: 'ended', endedBy: 'timeout', reason: 'never_connected' },
    { state: 'ended', endedBy: 'timeout', reason: null },
  ]);
  expect((await listSessions(readOnly, { isOpen: true })).items).toEqual([]);
  expect((await listSessions(readOnly, { isOpen: false })).items).toHaveLength(2);
  expect((await listSessions(readOnly, { state: 'connected' })).items).toEqual([]);
});

test('a secret that nobody reported costs nothing, or its worst case where that is set', async ({
  expect,
}) => {
  for (const [unreportedSessions, cost] of [
    ['release', { costMicroUsd: null, costStatus: 'unknown', costSource: null }],
    [
      'charge',
      {
        costMicroUsd: worstCaseMicroUsd(MODEL, 1_800, START_MS),
        costStatus: 'estimated',
        costSource: 'worst_case',
      },
    ],
  ] as const) {
    await using api = await createTestApi();
    const settings = { ...api.dependencies.settings, unreportedSessions };
    const { sessionId } = await createToken(api.as(ADA), {});
    api.clock.advance(1_800_000);
    const over = await getSession({ ...api.as(ADA), settings }, { id: sessionId });
    expect(over).toMatchObject({ state: 'ended', reason: 'never_connected', ...cost });
    await expectCountersToEqualRows(api, expect);
  }
});

test('charge: what was never told counts at its worst case, whoever ended it; what was told counts as told', async ({
  api,
  expect,
}) => {
  const settings = { ...api.dependencies.settings, unreportedSessions: 'charge' as const };
  const ada = { ...api.as(ADA), settings };
  const end = { duration: 0, messageCount: 0, endedBy: 'user' as const };
  const mint = async () => (await createToken(ada, {})).sessionId;
  const ended = [await mint(), await call(api), await call(api)];
  for (const sessionId of ended.slice(0, 2)) await endSession(ada, { ...end, sessionId });
  const worstCase = {
    costMicroUsd: worstCaseMicroUsd(MODEL, 1_800, START_MS),
    costStatus: 'estimated',
    costSource: 'worst_case',
  };
  api.clock.advance(1_800_000);
  for (const id of ended)
    expect(await getSession(ada, { id })).toMatchObject({ state: 'ended', ...worstCase });
  for (const sessionId of ended) await endSession(ada, { ...end, sessionId });

  const told = await call(api, 0);
  await endSession(ada, { ...end, sessionId: told, usage: { input_tokens: 0, output_tokens: 0 } });
  expect(await getSession(ada, { id: told })).toMatchObject({ costMicroUsd: 0, costStatus: 'known' });
  const failed = await mint();
  await endSession(ada, { ...end, sessionId: failed, endedBy: 'error' });
  expect(await getSession(ada, { id: failed })).toMatchObject({ state: 'failed', costMicroUsd: null });
  const [row] = await api.database.read(
    "select spent_micro_usd as spent from allowances where kind = 'user'",
  );
  expect(row).toEqual({ spent: 3 * Number(worstCase.costMicroUsd) });
  await expectCountersToEqualRows(api, expect);
});

test('filters of the log, each by itself and for nobody else', async ({ api, expect }) => {
  const talked = await call(api);
  api.clock.advance(60_000);
  await endSession(api.as(ADA), { sessionId: talked, duration: 60, messageCount: 1, endedBy: 'user' });
  const mini = { session: { type: 'realtime' as const, model: 'gpt-realtime-2.1-mini' } };
  const { sessionId: quiet, secret } = await createToken(api.as(KEY), { ...mini, userId: 'u1' });
  const [{ provider_key_id: providerKeyId } = {}] = await api.database.read(
    'select provider_key_id from sessions where id = ?1',
    [quiet],
  );
  const find = async (
    filter: Parameters<typeof listSessions>[1],
    actor = OPERATOR as typeof OPERATOR | typeof ADA,
  ) => (await listSessions(api.as(actor), filter)).items.map(({ id }) => id);

  expect(await find({ model: 'gpt-realtime-2.1-mini' })).toEqual([quiet]);
  expect(await find({ userId: 'app:u1' })).toEqual([quiet]);
  expect(await find({ accessKeyId: KEY.id })).toEqual([quiet]);
  expect(await find({ providerKeyId: String(providerKeyId) })).toEqual([quiet, talked]);
  expect(await find({ transport: 'webrtc' })).toEqual([talked]);
  expect(await find({ minSeconds: 60 })).toEqual([talked]);
  expect(await find({ minSeconds: 61 })).toEqual([]);
  expect(await find({ minCostMicroUsd: 1 })).toEqual([talked]);
  expect(await find({ query: talked.slice(0, 20) })).toContain(talked);
  expect(await find({ query: secret.session.id })).toEqual([quiet]);
  expect(await find({ from: new Date(START_MS + 1).toISOString() })).toEqual([quiet]);
  expect(await find({ to: new Date(START_MS + 1).toISOString() })).toEqual([talked]);
  expect(await find({ isOpen: true })).toEqual([quiet]);
  expect(await find({ userId: 'app:u1' }, ADA)).toEqual([]);
  expect(await find({ providerKeyId: String(providerKeyId) }, ADA)).toEqual([]);
  expect((await listSessions(api.as(KEY), {})).items.map(({ id }) => id)).toEqual([quiet]);
});
