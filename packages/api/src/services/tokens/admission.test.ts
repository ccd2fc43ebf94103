import { test as base } from 'vitest';

import { expectCountersToEqualRows, mintAtOnce, MODEL } from '../../../test/admission.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, BOB, createTestApi, OPERATOR } from '../../../test/fixtures.ts';
import type { Actor } from '../../context.ts';
import { worstCaseMicroUsd } from '../../pricing/estimate.ts';
import { setBudget } from '../budgets/set.ts';
import { endSession } from '../sessions/end.ts';
import { reportConnected } from '../sessions/report-connected.ts';
import { createToken } from './create.ts';

const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi();
    await use(api);
  },
});

test('200 mints at once against a cap of 10 open sessions: exactly 10', async ({ expect }) => {
  await using api = await createTestApi({ limits: { maxOpenSessions: 10 } });

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
  await using api = await createTestApi({ limits: { mintsPerMinute: 20 } });

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
  await using api = await createTestApi({ limits: { mintsPerMinute: 20 } });
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
  await using api = await createTestApi({ limits: { mintsPerMinutePerAddress: 3 } });
  const from = (address: string, actor: Actor) => createToken({ ...api.as(actor), address }, {});
  await Promise.all([from('192.0.2.1', ADA), from('192.0.2.1', BOB), from('192.0.2.1', ADA)]);

  await expect(from('192.0.2.1', BOB)).rejects.toMatchObject({
    code: 'rate_limited',
    details: { rateLimit: { policy: 'mint-address', limit: 3 } },
  });
  await expect(from('192.0.2.2', BOB)).resolves.toMatchObject({ model: MODEL });
});

test('a clock that jumps locks nobody out for longer than a window', async ({ expect }) => {
  await using api = await createTestApi({ limits: { mintsPerMinute: 5 } });
  for (const jumpMs of [300_000, -300_000, -3_600_000, 7_200_000, -1_000, -30_000]) {
    await mintAtOnce(api, 10);
    api.clock.advance(jumpMs);
    expect(await mintAtOnce(api, 10), String(jumpMs)).toEqual({ ok: 5, rate_limited: 5 });
  }
});

test('an ended session makes room; a failed mint gives everything back', async ({ expect }) => {
  await using api = await createTestApi({ limits: { maxOpenSessions: 1 } });
  api.upstream.answer(() => ({ status: 400, body: { error: { message: 'no', type: 'x', code: 'bad' } } }));
  expect(await mintAtOnce(api, 1)).toEqual({ upstream_rejected: 1 });
  await expectCountersToEqualRows(api, expect);
  const { sessionId } = await createToken(api.as(ADA), {});
  expect(await mintAtOnce(api, 1)).toEqual({ session_limit: 1 });
  await expect(createToken(api.as(ADA), {})).rejects.toMatchObject({
    code: 'session_limit',
    message: expect.stringContaining('the next one in 1800 s'),
    details: { retryAfterSeconds: 1_800, rateLimit: { policy: 'mint', limit: 100_000, remaining: 99_998 } },
  });

  await reportConnected(api.as(ADA), { sessionId, transport: 'webrtc' });
  await endSession(api.as(ADA), { sessionId, duration: 0, messageCount: 0, endedBy: 'user' });

  expect(await mintAtOnce(api, 1)).toEqual({ ok: 1 });
  await expectCountersToEqualRows(api, expect);
});

test('who is over gives back before anybody is refused for it, though no sweep ran', async ({ expect }) => {
  await using api = await createTestApi({ limits: { maxOpenSessions: 2 } });
  expect(await mintAtOnce(api, 3)).toEqual({ ok: 2, session_limit: 1 });
  api.clock.advance(1_800_000);

  expect(await mintAtOnce(api, 3)).toEqual({ ok: 2, session_limit: 1 });
  await expectCountersToEqualRows(api, expect);
});

test('a mint whose process died while it asked gives back after a minute', async ({ expect }) => {
  await using api = await createTestApi({ limits: { maxOpenSessions: 1 } });
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

test('a refused mint is audited with its code, sixty times a minute, and once that there are more', async ({
  expect,
}) => {
  await using api = await createTestApi({ limits: { mintsPerMinute: 1 } });
  await createToken(api.as(ADA), {});
  for (let refused = 0; refused < 80; refused += 1) {
    await createToken(api.as(ADA), {}).catch(() => undefined);
  }

  const rows = await api.database.read(
    "select actor_id, result, details from audit_entries where action = 'token.mint'",
  );
  expect(rows).toHaveLength(61);
  expect(rows[0]).toMatchObject({ actor_id: ADA.id, result: 'denied' });
  expect(JSON.parse(String(rows[0]?.['details']))).toEqual({ code: 'rate_limited', model: MODEL });
  expect(JSON.parse(String(rows[59]?.['details']))).not.toHaveProperty('andMore');
  expect(JSON.parse(String(rows[60]?.['details']))).toMatchObject({ andMore: true });
  expect(api.upstream.requests).toHaveLength(1);
});
