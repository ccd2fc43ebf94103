import { test as base } from 'vitest';

import { expectCountersToEqualRows } from '../../../test/admission.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, createTestApi } from '../../../test/fixtures.ts';
import { toAppError } from '../../errors.ts';
import { worstCaseMicroUsd } from '../../pricing/estimate.ts';
import { createToken } from '../tokens/create.ts';
import { closeOverdue } from './close-overdue.ts';
import { endSession } from './end.ts';
import { getSession } from './get.ts';
import { listSessions } from './list.ts';
import { reportConnected } from './report-connected.ts';

const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi();
    await use(api);
  },
});

const ZERO_USAGE = { total_tokens: 0, input_tokens: 0, output_tokens: 0 };
const END = { duration: 0, messageCount: 0, endedBy: 'user' } as const;

async function mintAndEnd(api: TestApi, usage?: Record<string, unknown>): Promise<string> {
  const { sessionId } = await createToken(api.as(ADA), { ttlSeconds: 60 });
  await endSession(api.as(ADA), { ...END, sessionId, usage });
  return sessionId;
}

async function readHeld(api: TestApi) {
  const [row] = await api.database.read(
    "select open_sessions as open, reserved_micro_usd > 0 as reserves from allowances where kind = 'user'",
  );
  return row;
}

test('a secret that was never used keeps its place and its reservation until it has expired', async ({
  api,
  expect,
}) => {
  const ids = [await mintAndEnd(api), await mintAndEnd(api, ZERO_USAGE)];
  const { sessionId: failed } = await createToken(api.as(ADA), { ttlSeconds: 60 });
  await endSession(api.as(ADA), { ...END, sessionId: failed, endedBy: 'error', reason: 'microphone_denied' });

  expect(await readHeld(api)).toEqual({ open: 3, reserves: 1 });
  expect((await listSessions(api.as(ADA), { isOpen: true })).items).toEqual([]);
  expect(await getSession(api.as(ADA), { id: failed })).toMatchObject({ state: 'failed', deadlineAt: null });
  await expectCountersToEqualRows(api, expect);

  const before = await getSession(api.as(ADA), { id: ids[1] ?? '' });
  api.clock.advance(600_000);
  expect(await endSession(api.as(ADA), { ...END, sessionId: failed, messageCount: 9 })).toMatchObject({
    messageCount: 0,
    endedBy: 'error',
  });
  await closeOverdue(api.as(ADA));
  expect(await readHeld(api)).toEqual({ open: 0, reserves: 0 });
  expect(await getSession(api.as(ADA), { id: ids[1] ?? '' })).toEqual(before);
  expect(
    await api.database.read('select sum(sessions) as sessions, sum(failed) as failed from usage_hours'),
  ).toEqual([{ sessions: 3, failed: 1 }]);
  await expectCountersToEqualRows(api, expect);
});

test('minting and ending makes no room under the cap; a call that took place does', async ({
  api,
  expect,
}) => {
  const { limits } = api.dependencies.settings;
  const settings = { ...api.dependencies.settings, limits: { ...limits, maxOpenSessions: 3 } };
  const ada = { ...api.as(ADA), settings };
  const codes: unknown[] = [];
  for (let index = 0; index < 15; index += 1) {
    try {
      const { sessionId } = await createToken(ada, { ttlSeconds: 7_200 });
      await endSession(ada, { ...END, sessionId });
    } catch (error) {
      codes.push(toAppError(error).code);
    }
  }
  expect(codes).toEqual(Array.from({ length: 12 }, () => 'session_limit'));
  await expectCountersToEqualRows(api, expect);
});

test('a call gives its place back at its end', async ({ api, expect }) => {
  const { sessionId } = await createToken(api.as(ADA), {});
  await reportConnected(api.as(ADA), { sessionId, transport: 'webrtc' });
  await endSession(api.as(ADA), { ...END, sessionId });
  expect(await readHeld(api)).toEqual({ open: 0, reserves: 0 });
});

for (const [name, told] of [
  ['its length', { duration: 2 }],
  ['its messages', { messageCount: 4 }],
  ['its usage', { usage: { total_tokens: 30, input_tokens: 20, output_tokens: 10 } }],
] as const) {
  test(`so does one of which the end alone tells ${name}`, async ({ api, expect }) => {
    const { sessionId } = await createToken(api.as(ADA), {});
    api.clock.advance(5_000);
    await endSession(api.as(ADA), { ...END, ...told, sessionId });
    expect(await readHeld(api)).toEqual({ open: 0, reserves: 0 });
    await expectCountersToEqualRows(api, expect);
  });
}

test('charge: zeros told of a secret that was never used are no account of it', async ({ api, expect }) => {
  const settings = { ...api.dependencies.settings, unreportedSessions: 'charge' as const };
  const ada = { ...api.as(ADA), settings };
  const { sessionId, model, issuedAt } = await createToken(ada, { ttlSeconds: 60 });
  await endSession(ada, { ...END, sessionId, usage: ZERO_USAGE });
  api.clock.advance(600_000);
  await closeOverdue(ada);
  expect(await getSession(ada, { id: sessionId })).toMatchObject({
    costMicroUsd: worstCaseMicroUsd(model, 1_800, issuedAt.getTime()),
    costStatus: 'estimated',
    costSource: 'worst_case',
  });
  await expectCountersToEqualRows(api, expect);
});

test('a length of which the server knows more is flagged, and the clock is believed', async ({
  api,
  expect,
}) => {
  const { sessionId } = await createToken(api.as(ADA), {});
  await reportConnected(api.as(ADA), { sessionId, transport: 'webrtc' });
  api.clock.advance(6_000);
  expect(await endSession(api.as(ADA), { ...END, sessionId })).toMatchObject({ duration: 6 });
  expect(await getSession(api.as(ADA), { id: sessionId })).toMatchObject({
    reportedDurationSeconds: 0,
    isDurationDisputed: true,
    costStatus: 'estimated',
  });
});
