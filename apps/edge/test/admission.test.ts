import { vi } from 'vitest';

import { expectCountersToEqualRows } from './support/counters.ts';
import type { TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { connect, connectOperator } from './support/trpc.ts';

/** Hundreds at once take their time where each is a round trip to a server. */
vi.setConfig({ testTimeout: 90_000 });

const MINT = '/v1/realtime/client_secrets';

type Answers = { byCode: Record<string, number>; responses: Response[] };

/** Sends all of them at once, to one host after the other. */
async function mintAtOnce(token: string, many: number, urls: readonly string[]): Promise<Answers> {
  const responses = await Promise.all(
    Array.from({ length: many }, (_, index) =>
      fetch(`${urls[index % urls.length] ?? ''}${MINT}`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      }),
    ),
  );
  const byCode: Record<string, number> = {};
  for (const response of responses) {
    const { error } = await response.clone().json();
    const code = response.status === 200 ? 'ok' : `${response.status} ${String(error?.code)}`;
    byCode[code] = (byCode[code] ?? 0) + 1;
  }
  return { byCode, responses };
}

async function countUpstream(host: TestHost): Promise<number> {
  const requests = await host.simulator.admin.requests();
  return requests.length;
}

test('200 mints at once against a cap of 10 open sessions: exactly 10, and an end makes room', async ({
  host,
  expect,
}) => {
  const operator = await connectOperator(host);
  const token = await host.issuer.sign({ sub: 'capped' });
  await host.simulator.admin.reset();
  await operator.budgets.setLimits.mutate({ maxOpenSessions: 10 });

  const { byCode, responses } = await mintAtOnce(token, 200, [host.url]);

  expect(byCode).toEqual({ ok: 10, '429 session_limit': 190 });
  expect(await countUpstream(host)).toBe(10);
  const user = connect(host, token);
  expect((await user.me.get.query()).limits).toMatchObject({ maxOpenSessions: 10, openSessions: 10 });
  const sessionId = responses.find(({ status }) => status === 200)?.headers.get('x-broker-session-id') ?? '';
  const end = { sessionId, duration: 0, messageCount: 0, endedBy: 'user' } as const;
  await user.sessions.reportConnected.mutate({ sessionId, transport: 'webrtc' });
  for (let replay = 0; replay < 3; replay += 1) await user.sessions.end.mutate(end);
  expect((await mintAtOnce(token, 3, [host.url])).byCode).toEqual({ ok: 1, '429 session_limit': 2 });
  await operator.budgets.setLimits.mutate({ maxOpenSessions: null });
  await expectCountersToEqualRows({ read: host.readRows }, expect);
});

test('60 mints at once against a budget for 7, over two brokers with one database: exactly 7', async ({
  host,
  expect,
}) => {
  const another = await host.launchAnother();
  const operator = await connectOperator(host);
  const token = await host.issuer.sign({ sub: 'budgeted' });
  expect((await mintAtOnce(token, 2, [host.url, another.url])).byCode).toEqual({ ok: 2 });
  const user = { scope: 'user', subject: 'ext:budgeted' } as const;
  const { user: before } = await operator.users.get.query({ id: user.subject });
  const worst = before.reservedMicroUsd / 2;
  await operator.budgets.set.mutate({
    ...user,
    limitMicroUsd: worst * 9 + 5,
    period: 'weekly',
    timeZone: 'Europe/Paris',
    action: 'block',
  });

  const { byCode, responses } = await mintAtOnce(token, 60, [host.url, another.url]);

  expect(byCode).toEqual({ ok: 7, '402 budget_exceeded': 53 });
  const refused = responses.find(({ status }) => status === 402);
  expect(refused?.headers.get('x-should-retry')).toBe('false');
  const { error } = await refused?.json();
  expect(error.message).toContain('$0.000005 is left');
  expect(error.message).toMatch(/It resets at 20\d\d-/);
  const { user: after } = await operator.users.get.query({ id: user.subject });
  expect(after.budget).toMatchObject({ leftMicroUsd: 5, reservedMicroUsd: worst * 9, spentMicroUsd: 0 });
  await expectCountersToEqualRows({ read: host.readRows }, expect);
  await operator.budgets.remove.mutate(user);
  expect((await mintAtOnce(token, 2, [host.url, another.url])).byCode).toEqual({ ok: 2 });
});

test('security 77: 60 mints at once against a rate of 20: exactly 20; the fields are right and never negative', async ({
  host,
  expect,
}) => {
  const operator = await connectOperator(host);
  const token = await host.issuer.sign({ sub: 'hasty' });
  await operator.budgets.setLimits.mutate({ mintsPerMinute: 20 });
  const first = await mintAtOnce(token, 1, [host.url]);
  const policy = first.responses[0]?.headers.get('ratelimit-policy');
  expect(policy).toBe('"mint";q=20;w=60');
  expect(first.responses[0]?.headers.get('ratelimit')).toMatch(/^"mint";r=19;t=(59|60)$/);

  const { byCode, responses } = await mintAtOnce(token, 59, [host.url]);

  expect(byCode).toEqual({ ok: 19, '429 rate_limited': 40 });
  const left = responses
    .filter(({ status }) => status === 200)
    .map(({ headers }) => Number(/;r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]));
  expect(Math.min(...left)).toBe(0);
  expect(Math.max(...left)).toBeLessThanOrEqual(18);
  const refused = responses.find(({ status }) => status === 429);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(50);
  expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(refused?.headers.get('ratelimit')).toMatch(/^"mint";r=0;t=\d+$/);
  await operator.budgets.setLimits.mutate({ mintsPerMinute: null });
});

test('security 78: what a caller says of its own address changes no bucket', async ({ host, expect }) => {
  const operator = await connectOperator(host);
  const token = await host.issuer.sign({ sub: 'liar' });
  const ask = (index: number) =>
    host.post(
      MINT,
      {},
      { token, headers: { 'x-forwarded-for': `203.0.113.${index}`, forwarded: 'for=203.0.113.9' } },
    );
  await ask(0);
  const [before] = await host.readRows("select subject, window_count from allowances where kind = 'address'");
  await operator.budgets.setLimits.mutate({ mintsPerMinutePerAddress: 1 });

  const answers = await Promise.all([ask(1), ask(2), ask(3)]);

  expect(before?.['subject']).toMatch(host.kind === 'node' ? /^127\.0\.0\.1$/ : /./);
  expect(answers.map(({ status }) => status)).toEqual([429, 429, 429]);
  expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"mint-address";q=1;w=60');
  await operator.budgets.setLimits.mutate({ mintsPerMinutePerAddress: null });
});

test('a user who is blocked gets 403 from the next mint on, in every broker, and it is audited', async ({
  host,
  expect,
}) => {
  const another = await host.launchAnother();
  const operator = await connectOperator(host);
  const token = await host.issuer.sign({ sub: 'loud' });
  const urls = [host.url, another.url];
  expect((await mintAtOnce(token, 2, urls)).byCode).toEqual({ ok: 2 });
  await host.simulator.admin.reset();

  await operator.users.block.mutate({ id: 'ext:loud', reason: 'too loud' });

  expect((await mintAtOnce(token, 4, urls)).byCode).toEqual({ '403 user_blocked': 4 });
  expect(await countUpstream(host)).toBe(0);
  const entries = await host.readRows(
    "select action, result, details from audit_entries where target = 'ext:loud' order by seq",
  );
  expect(entries.map(({ action, result }) => `${String(action)} ${String(result)}`)).toEqual([
    'user.block ok',
    ...Array.from({ length: 4 }, () => 'token.mint denied'),
  ]);
  await operator.users.unblock.mutate({ id: 'ext:loud' });
  expect((await mintAtOnce(token, 2, urls)).byCode).toEqual({ ok: 2 });
});

test('a failed upstream gives the reservation back; a client that hangs up does not', async ({
  host,
  expect,
}) => {
  const token = await host.issuer.sign({ sub: 'cut' });
  const me = connect(host, token).me.get;
  for (let refused = 0; refused < 2; refused += 1) {
    await host.simulator.admin.setFault({ match: { path: MINT }, action: { kind: 'status', status: 400 } });
    expect((await mintAtOnce(token, 1, [host.url])).byCode).toEqual({ '502 provider_error': 1 });
  }
  expect((await me.query()).limits.openSessions).toBe(0);
  await host.simulator.admin.reset();
  await host.simulator.admin.setFault({ match: { path: MINT }, action: { kind: 'delay', ms: 400 } });
  const caller = new AbortController();
  const hungUp = fetch(`${host.url}${MINT}`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    signal: caller.signal,
  });
  await expect.poll(() => countUpstream(host), { timeout: 5_000 }).toBe(1);
  caller.abort();
  await expect(hungUp).rejects.toThrow();

  await expect
    .poll(() => host.readRows("select state from sessions where user_id = 'ext:cut' order by seq"), {
      timeout: 5_000,
    })
    .toEqual([{ state: 'failed' }, { state: 'failed' }, { state: 'issued' }]);
  expect((await me.query()).limits.openSessions).toBe(1);
  await host.simulator.admin.reset();
  await expectCountersToEqualRows({ read: host.readRows }, expect);
});
