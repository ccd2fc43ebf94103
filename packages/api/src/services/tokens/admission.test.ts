import { test as base } from 'vitest';

import type { TestApi, TestApiOptions } from '../../../test/fixtures.ts';
import { ADA, BOB, createTestApi, OPERATOR } from '../../../test/fixtures.ts';
import type { AccessKeyActor, Actor } from '../../context.ts';
import { worstCaseMicroUsd } from '../../pricing/estimate.ts';
import { removeBudget } from '../budgets/remove.ts';
import { setDeploymentLimits } from '../budgets/set-limits.ts';
import { setBudget } from '../budgets/set.ts';
import { endSession } from '../sessions/end.ts';
import { blockUser, unblockUser } from '../users/block.ts';
import { getUser } from '../users/get.ts';
import { setUserLimits } from '../users/set-limits.ts';
import { createToken } from './create.ts';

const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi();
    await use(api);
  },
});

const MODEL = 'gpt-realtime-2.1';
const LIMITS = {
  mintsPerMinute: 100_000,
  mintsPerMinutePerAddress: 100_000,
  maxOpenSessions: 10_000,
  maxTtlSeconds: 3_600,
  maxSessionSeconds: 1_800,
};

function withLimits(limits: Partial<typeof LIMITS>): TestApiOptions {
  return { limits };
}

const KEY: AccessKeyActor = {
  kind: 'access_key',
  id: 'key_app',
  name: 'App',
  environment: 'live',
  scopes: ['tokens:mint', 'tokens:mint-for', 'sessions:read', 'sessions:report'],
  allowedModels: null,
  allowedOrigins: null,
  mintsPerMinute: null,
  maxOpenSessions: null,
  maxTtlSeconds: null,
  maxSessionSeconds: null,
};

/** What so many mints at once come to, by code. */
async function mintAtOnce(api: TestApi, many: number, actor: Actor = ADA): Promise<Record<string, number>> {
  const results = await Promise.allSettled(
    Array.from({ length: many }, () => createToken(api.as(actor), {})),
  );
  const codes: Record<string, number> = {};
  for (const result of results) {
    const code = result.status === 'fulfilled' ? 'ok' : String(result.reason.code);
    codes[code] = (codes[code] ?? 0) + 1;
  }
  return codes;
}

async function expectCountersToEqualRows(api: TestApi, expect: typeof import('vitest').expect) {
  const rows = await api.database.read(`select kind, subject,
      open_sessions as open, reserved_micro_usd as reserved, spent_micro_usd as spent,
      (select count(*) from sessions where deadline_at is not null and (allowances.kind = 'project' or user_id = subject
        or access_key_id = subject)) as open_rows,
      (select coalesce(sum(reserved_micro_usd), 0) from sessions where deadline_at is not null and (allowances.kind = 'project'
        or user_id = subject or access_key_id = subject)) as reserved_rows,
      (select coalesce(sum(cost_micro_usd), 0) from sessions where deadline_at is null and issued_at >= period_start
        and (allowances.kind = 'project' or user_id = subject or access_key_id = subject)) as spent_rows
    from allowances where kind <> 'address'`);
  for (const row of rows) {
    expect([row['open'], row['reserved'], row['spent']], String(row['subject'])).toEqual([
      row['open_rows'],
      row['reserved_rows'],
      row['spent_rows'],
    ]);
  }
}

test('200 mints at once against a cap of 10 open sessions: exactly 10', async ({ expect }) => {
  await using api = await createTestApi(withLimits({ maxOpenSessions: 10 }));

  expect(await mintAtOnce(api, 200)).toEqual({ ok: 10, session_limit: 190 });
  expect(api.upstream.requests).toHaveLength(10);
  await expectCountersToEqualRows(api, expect);
});

test('200 mints at once against a budget for 7: exactly 7, and the refusal says what is left and until when', async ({
  api,
  expect,
}) => {
  const worst = worstCaseMicroUsd(MODEL, 1_800, api.clock.now()) ?? 0;
  await createToken(api.as(BOB), {});
  await setBudget(api.as(OPERATOR), {
    scope: 'default_user',
    subject: '',
    limitMicroUsd: worst * 7 + 5,
    period: 'daily',
    timeZone: 'Asia/Seoul',
    action: 'block',
  });

  expect(await mintAtOnce(api, 200)).toEqual({ ok: 7, budget_exceeded: 193 });
  await expect(createToken(api.as(ADA), {})).rejects.toMatchObject({
    code: 'budget_exceeded',
    httpStatus: 402,
    details: {
      budget: {
        scope: 'default_user',
        limitMicroUsd: worst * 7 + 5,
        leftMicroUsd: 5,
        resetsAt: '2026-11-21T15:00:00.000Z',
      },
    },
  });
  expect(api.upstream.requests).toHaveLength(8);
  await expectCountersToEqualRows(api, expect);
});

test('3 N mints at once against a rate of N: exactly N, and N again in the next window', async ({
  expect,
}) => {
  await using api = await createTestApi(withLimits({ mintsPerMinute: 20 }));

  expect(await mintAtOnce(api, 60)).toEqual({ ok: 20, rate_limited: 40 });
  api.clock.advance(59_999);
  await expect(createToken(api.as(ADA), {})).rejects.toMatchObject({
    code: 'rate_limited',
    details: {
      retryAfterSeconds: 1,
      rateLimit: { policy: 'mint', limit: 20, remaining: 0, resetSeconds: 1 },
    },
  });
  expect(await mintAtOnce(api, 1, BOB)).toEqual({ ok: 1 });
  api.clock.advance(1);
  expect(await mintAtOnce(api, 60)).toEqual({ ok: 20, rate_limited: 40 });
});

test('each mint says what is left of its window', async ({ expect }) => {
  await using api = await createTestApi(withLimits({ mintsPerMinute: 20 }));
  const remaining: number[] = [];
  for (let mint = 0; mint < 5; mint += 1) {
    const { rateLimit } = await createToken(api.as(ADA), {});
    remaining.push(rateLimit?.remaining ?? -1);
    expect(rateLimit).toMatchObject({
      policy: 'mint',
      limit: 20,
      resetSeconds: 60 - mint,
      windowSeconds: 60,
    });
    api.clock.advance(1_000);
  }
  expect(remaining).toEqual([19, 18, 17, 16, 15]);
});

test('an address has its own rate, whoever calls from it', async ({ expect }) => {
  await using api = await createTestApi(withLimits({ mintsPerMinutePerAddress: 3 }));
  const from = (address: string, actor: Actor) => createToken({ ...api.as(actor), address }, {});
  await Promise.all([from('192.0.2.1', ADA), from('192.0.2.1', BOB), from('192.0.2.1', ADA)]);

  await expect(from('192.0.2.1', BOB)).rejects.toMatchObject({
    code: 'rate_limited',
    details: { rateLimit: { policy: 'mint-address', limit: 3 } },
  });
  await expect(from('192.0.2.2', BOB)).resolves.toMatchObject({ model: MODEL });
});

test('a clock that jumps locks nobody out for longer than a window', async ({ expect }) => {
  await using api = await createTestApi(withLimits({ mintsPerMinute: 5 }));
  for (const jumpMs of [300_000, -300_000, -3_600_000, 7_200_000, -1_000, -30_000]) {
    await mintAtOnce(api, 10);
    api.clock.advance(jumpMs);
    expect(await mintAtOnce(api, 10), String(jumpMs)).toEqual({ ok: 5, rate_limited: 5 });
  }
});

test('an ended session makes room; a failed mint gives everything back', async ({ expect }) => {
  await using api = await createTestApi(withLimits({ maxOpenSessions: 1 }));
  api.upstream.answer(() => ({ status: 400, body: { error: { message: 'no', type: 'x', code: 'bad' } } }));
  expect(await mintAtOnce(api, 1)).toEqual({ upstream_rejected: 1 });
  await expectCountersToEqualRows(api, expect);
  const { sessionId } = await createToken(api.as(ADA), {});
  expect(await mintAtOnce(api, 1)).toEqual({ session_limit: 1 });

  await endSession(api.as(ADA), { sessionId, duration: 0, messageCount: 0, endedBy: 'user' });

  expect(await mintAtOnce(api, 1)).toEqual({ ok: 1 });
  await expectCountersToEqualRows(api, expect);
});

test('who is over gives back before anybody is refused for it, though no sweep ran', async ({ expect }) => {
  await using api = await createTestApi(withLimits({ maxOpenSessions: 2 }));
  expect(await mintAtOnce(api, 3)).toEqual({ ok: 2, session_limit: 1 });
  api.clock.advance(1_800_000);

  expect(await mintAtOnce(api, 3)).toEqual({ ok: 2, session_limit: 1 });
  await expectCountersToEqualRows(api, expect);
});

test('a mint whose process died while it asked gives back after a minute', async ({ expect }) => {
  await using api = await createTestApi(withLimits({ maxOpenSessions: 1 }));
  const { sessionId } = await createToken(api.as(ADA), {});
  await api.database.write({
    sql: "update sessions set state = 'admitted', deadline_at = issued_at + 60000 where id = ?1",
    args: [sessionId],
  });
  api.clock.advance(59_999);
  expect(await mintAtOnce(api, 1)).toEqual({ session_limit: 1 });
  api.clock.advance(1);

  expect(await mintAtOnce(api, 1)).toEqual({ ok: 1 });
  const [row] = await api.database.read('select state, reason from sessions where id = ?1', [sessionId]);
  expect(row).toEqual({ state: 'failed', reason: 'abandoned' });
  await expectCountersToEqualRows(api, expect);
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

test('a refused mint is audited with its code, sixty times a minute at most', async ({ expect }) => {
  await using api = await createTestApi(withLimits({ mintsPerMinute: 1 }));
  await createToken(api.as(ADA), {});
  for (let refused = 0; refused < 80; refused += 1) {
    await createToken(api.as(ADA), {}).catch(() => undefined);
  }

  const rows = await api.database.read(
    "select actor_id, result, details from audit_entries where action = 'token.mint'",
  );
  expect(rows).toHaveLength(60);
  expect(rows[0]).toMatchObject({ actor_id: ADA.id, result: 'denied' });
  expect(JSON.parse(String(rows[0]?.['details']))).toEqual({ code: 'rate_limited', model: MODEL });
  expect(api.upstream.requests).toHaveLength(1);
});
