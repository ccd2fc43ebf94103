import { test as base } from 'vitest';

import { expectCountersToEqualRows, KEY, mintAtOnce } from '../../../test/admission.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, BOB, createTestApi, OPERATOR } from '../../../test/fixtures.ts';
import { removeBudget } from '../budgets/remove.ts';
import { setDeploymentLimits } from '../budgets/set-limits.ts';
import { setBudget } from '../budgets/set.ts';
import { blockUser, unblockUser } from '../users/block.ts';
import { getUser } from '../users/get.ts';
import { setUserLimits } from '../users/set-limits.ts';
import { createTokenOnce } from './create-once.ts';
import { createToken } from './create.ts';

const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi();
    await use(api);
  },
});

test('a block counts at once, also in a process that remembers otherwise', async ({ api, expect }) => {
  await createToken(api.as(ADA), {});
  await api.database.write({
    sql: "insert into user_policies (user_id, blocked_at, updated_at, updated_by) values (?1, 1, 1, 'elsewhere')",
    args: [ADA.id],
  });
  expect(await mintAtOnce(api, 1)).toEqual({ user_blocked: 1 });
  expect(await mintAtOnce(api, 1, BOB)).toEqual({ ok: 1 });

  await unblockUser(api.as(OPERATOR), { id: ADA.id });
  expect(await mintAtOnce(api, 1)).toEqual({ ok: 1 });
  await blockUser(api.as(OPERATOR), { id: ADA.id, reason: 'too loud' });
  expect(await mintAtOnce(api, 1)).toEqual({ user_blocked: 1 });
  expect((await getUser(api.as(OPERATOR), { id: ADA.id })).blockedReason).toBe('too loud');
});

test("a user's own models, lifetime, length and rate hold; null gives back the deployment's", async ({
  api,
  expect,
}) => {
  await createToken(api.as(ADA), {});
  const id = ADA.id;
  await setUserLimits(api.as(OPERATOR), {
    id,
    maxTtlSeconds: 60,
    maxSessionSeconds: 120,
    mintsPerMinute: 3,
    allowedModels: ['gpt-realtime-2.1-mini'],
  });
  const mini = { session: { type: 'realtime' as const, model: 'gpt-realtime-2.1-mini' }, ttlSeconds: 600 };

  await expect(createToken(api.as(ADA), {})).rejects.toMatchObject({
    code: 'model_not_allowed',
    httpStatus: 403,
  });
  const { warnings, sessionId, rateLimit } = await createToken(api.as(ADA), mini);
  expect(warnings).toMatchObject([{ code: 'ttl_clamped' }]);
  expect(rateLimit).toMatchObject({ limit: 3, remaining: 1 });
  expect(String(api.upstream.requests.at(-1)?.body)).toContain('"seconds":60');
  const [row] = await api.database.read('select limit_seconds from sessions where id = ?1', [sessionId]);
  expect(row).toEqual({ limit_seconds: 120 });

  await setUserLimits(api.as(OPERATOR), { id, allowedModels: null, mintsPerMinute: null });
  expect((await createToken(api.as(ADA), {})).rateLimit).toMatchObject({ limit: 100_000 });
});

function heardBy(model: string) {
  return {
    session: {
      type: 'realtime' as const,
      model: 'gpt-realtime-2.1-mini',
      audio: { input: { transcription: { model } } },
    },
  };
}

test('every model that a session names must be allowed, also when its token is asked for again', async ({
  api,
  expect,
}) => {
  const refusal = {
    code: 'model_not_allowed',
    message: expect.stringContaining('"whisper-1"'),
    details: { param: 'session.audio.input.transcription.model' },
  };
  const once = { ...heardBy('whisper-1'), idempotencyKey: 'again' };
  await createTokenOnce(api.as(ADA), once);
  const allowedModels = ['gpt-realtime-2.1-mini', 'gpt-live-transcribe'];
  await setUserLimits(api.as(OPERATOR), { id: ADA.id, allowedModels });
  await expect(createTokenOnce(api.as(ADA), once)).rejects.toMatchObject(refusal);
  await expect(createToken(api.as(ADA), heardBy('whisper-1'))).rejects.toMatchObject(refusal);
  const asKey = api.as({ ...KEY, allowedModels });
  await expect(createToken(asKey, heardBy('whisper-1'))).rejects.toMatchObject(refusal);

  const { session } = heardBy('gpt-live-transcribe');
  await createToken(asKey, { session });
  await createToken(api.as(ADA), { session: { ...session, audio: { input: { transcription: {} } } } });
});

test("an operator's limits for all go before the environment's", async ({ api, expect }) => {
  const { limits } = await setDeploymentLimits(api.as(OPERATOR), { maxOpenSessions: 2 });
  expect(limits.maxOpenSessions).toEqual({ value: 2, isOwn: true });
  expect(limits.mintsPerMinute).toEqual({ value: 100_000, isOwn: false });
  expect(await mintAtOnce(api, 5)).toEqual({ ok: 2, session_limit: 3 });

  await setDeploymentLimits(api.as(OPERATOR), { maxOpenSessions: null });
  expect(await mintAtOnce(api, 5)).toEqual({ ok: 5 });
});

test('a model without a price is refused where a budget blocks, and only there', async ({ api, expect }) => {
  const unpriced = {
    session: {
      type: 'transcription' as const,
      audio: { input: { transcription: { model: 'whisper-1' } } },
    },
  };
  await createToken(api.as(ADA), unpriced);
  const budget = {
    scope: 'project',
    subject: '',
    limitMicroUsd: 10 ** 12,
    period: 'monthly',
    timeZone: 'UTC',
  } as const;
  await setBudget(api.as(OPERATOR), { ...budget, action: 'block' });

  await expect(createToken(api.as(ADA), unpriced)).rejects.toMatchObject({ code: 'model_not_allowed' });
  await setBudget(api.as(OPERATOR), { ...budget, action: 'warn' });
  await expect(createToken(api.as(ADA), unpriced)).resolves.toMatchObject({ model: 'whisper-1' });
});

test('a budget that warns lets through and says so', async ({ api, expect }) => {
  await createToken(api.as(ADA), {});
  await setBudget(api.as(OPERATOR), {
    scope: 'user',
    subject: ADA.id,
    limitMicroUsd: 1,
    period: 'weekly',
    timeZone: 'UTC',
    action: 'warn',
  });

  expect((await createToken(api.as(ADA), {})).warnings).toMatchObject([{ code: 'budget_exceeded' }]);
  expect((await createToken(api.as(BOB), {})).warnings).toEqual([]);
});

test('setting a budget adds up what its period has cost already; a session belongs to the period it began in', async ({
  api,
  expect,
}) => {
  const cost = async (microUsd: number) => {
    const { sessionId } = await createToken(api.as(ADA), {});
    await api.database.write({
      sql: "update sessions set cost_micro_usd = ?2, cost_status = 'known', state = 'ended', deadline_at = null where id = ?1",
      args: [sessionId, microUsd],
    });
  };
  const HOUR_MS = 3_600_000;
  await cost(500); // 12:00 UTC on the 21st
  api.clock.advance(4 * HOUR_MS); // 16:00 UTC, the 22nd in Seoul
  await cost(30);
  const daily = {
    scope: 'user',
    subject: ADA.id,
    limitMicroUsd: 10 ** 12,
    period: 'daily',
    action: 'block',
  } as const;

  const inSeoul = await setBudget(api.as(OPERATOR), { ...daily, timeZone: 'Asia/Seoul' });
  expect(inSeoul.items[0]).toMatchObject({ spentMicroUsd: 30, reservedMicroUsd: 0, name: 'Ada' });
  const inUtc = await setBudget(api.as(OPERATOR), { ...daily, timeZone: 'UTC' });
  expect(inUtc.items[0]).toMatchObject({ spentMicroUsd: 530 });

  const late = await createToken(api.as(ADA), {}); // the 21st in UTC
  api.clock.advance(8 * HOUR_MS + 1);
  await createToken(api.as(ADA), {}); // the 22nd: a new period begins
  await api.database.write({
    sql: "update sessions set cost_micro_usd = 7, deadline_at = null, state = 'ended' where id = ?1",
    args: [late.sessionId],
  });
  const { user } = await getUser(api.as(OPERATOR), { id: ADA.id });
  expect(user.budget).toMatchObject({ spentMicroUsd: 0 });
  await expectCountersToEqualRows(api, expect);
  const { items } = await removeBudget(api.as(OPERATOR), daily);
  expect(items).toEqual([]);
  expect((await getUser(api.as(OPERATOR), { id: ADA.id })).user).toMatchObject({
    spentMicroUsd: 537,
    budget: null,
  });
});

test('an access key has its own limits, also for the users it mints for', async ({ api, expect }) => {
  const key = { ...KEY, maxOpenSessions: 3, maxSessionSeconds: 300 };
  for (const userId of ['u1', 'u2', undefined]) await createToken(api.as(key), { userId });

  await expect(createToken(api.as(key), { userId: 'u3' })).rejects.toMatchObject({ code: 'session_limit' });
  expect(
    await api.database.read('select user_id, access_key_id, limit_seconds from sessions order by id'),
  ).toEqual([
    { user_id: 'app:u1', access_key_id: KEY.id, limit_seconds: 300 },
    { user_id: 'app:u2', access_key_id: KEY.id, limit_seconds: 300 },
    { user_id: KEY.id, access_key_id: KEY.id, limit_seconds: 300 },
  ]);
  await expectCountersToEqualRows(api, expect);
  await createToken(api.as(ADA), { userId: 'u1' });
  const [last] = await api.database.read('select user_id from sessions order by id desc limit 1');
  expect(last).toEqual({ user_id: ADA.id });
});
