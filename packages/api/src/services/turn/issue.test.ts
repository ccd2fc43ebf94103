import { createHmac } from 'node:crypto';

import { test, vi } from 'vitest';

import { ADA, BOB, createTestApi, NOBODY, START_MS } from '../../../test/fixtures.ts';
import { createStaticIceProvider } from '../../providers/static-ice.ts';
import type { TurnProvider } from '../../providers/turn-provider.ts';
import { issueTurnCredentials } from './issue.ts';

const BROKEN: TurnProvider = {
  name: 'broken',
  maxTtlSeconds: 600,
  isComputed: false,
  revocable: true,
  midSessionExpiry: 'disconnects',
  issue: () => Promise.reject(new Error('down')),
};

const STUN = createStaticIceProvider([{ urls: ['stun:stun.test:3478'] }]);

test('a username of expiry and pseudonym, signed, without the user in it', async ({ expect }) => {
  await using api = await createTestApi();
  const issued = await issueTurnCredentials(api.as(ADA), {});
  const [server] = issued.iceServers;
  const turnUser = await api.dependencies.pseudonyms.turnUserOf(ADA.id);
  expect(server?.username).toBe(`${START_MS / 1_000 + 600}:${turnUser}`);
  expect(server?.username).not.toContain(ADA.id);
  expect(server?.credential).toBe(
    createHmac('sha1', 's3cr3t')
      .update(server?.username ?? '')
      .digest('base64'),
  );
  expect(issued).toMatchObject({
    provider: 'coturn',
    expiresAt: new Date(START_MS + 600_000),
    ttlSeconds: 600,
    revocable: false,
    midSessionExpiry: 'survives',
  });
});

test('the lifetime is clamped from both sides', async ({ expect }) => {
  await using api = await createTestApi();
  for (const [asked, given] of [
    [86_400_000, 3_600],
    [-1, 60],
    [1, 60],
    [120.9, 120],
  ] as const) {
    expect(await issueTurnCredentials(api.as(ADA), { ttlSeconds: asked })).toMatchObject({
      ttlSeconds: given,
    });
    await api.database.write({ sql: 'delete from turn_issuances', args: [] });
  }
});

test('goes on to the next provider, and says which one it was', async ({ expect }) => {
  await using api = await createTestApi({ turnProviders: [BROKEN, STUN] });
  expect(await issueTurnCredentials(api.as(ADA), {})).toMatchObject({
    provider: 'static',
    iceServers: [{ urls: ['stun:stun.test:3478'] }],
  });
  expect(api.logger.lines).toMatchObject([
    { level: 'warn', event: 'turn.provider_failed', fields: { provider: 'broken' } },
  ]);
  expect(await api.database.read('select provider, count from turn_issuances order by provider')).toEqual([
    { provider: 'broken', count: 0 },
    { provider: 'static', count: 1 },
  ]);
});

test('a provider that hangs has two seconds', async ({ expect }) => {
  let signal: AbortSignal | undefined;
  const asked = Promise.withResolvers<void>();
  const hanging: TurnProvider = {
    ...BROKEN,
    issue: (request) => {
      ({ signal } = request);
      asked.resolve();
      return new Promise(() => undefined);
    },
  };
  await using api = await createTestApi({ turnProviders: [hanging, STUN] });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const issued = issueTurnCredentials(api.as(ADA), {});
    await asked.promise;
    vi.advanceTimersByTime(1_999);
    expect(signal?.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal?.aborted).toBe(true);
    expect(await issued).toMatchObject({ provider: 'static' });
  } finally {
    vi.useRealTimers();
  }
});

test('all down is unavailable, and so is none configured', async ({ expect }) => {
  for (const turnProviders of [[BROKEN, BROKEN], []]) {
    await using api = await createTestApi({ turnProviders });
    await expect(issueTurnCredentials(api.as(ADA), {})).rejects.toMatchObject({
      code: 'unavailable',
      httpStatus: 503,
    });
  }
});

test('what is worked out here is given out also while nothing can be counted', async ({ expect }) => {
  await using api = await createTestApi();
  const database = { ...api.database, write: () => Promise.reject(new Error('full')) };
  expect(await issueTurnCredentials({ ...api.as(ADA), database }, {})).toMatchObject({ provider: 'coturn' });
  expect(api.logger.lines).toMatchObject([
    { level: 'warn', event: 'turn.not_counted', fields: { provider: 'coturn' } },
  ]);

  const bought = { ...api.as(ADA), database, turnProviders: [BROKEN] };
  await expect(issueTurnCredentials(bought, {})).rejects.toMatchObject({ code: 'unavailable' });
});

test('of three times the limit at once exactly the limit passes, for each user apart', async ({ expect }) => {
  await using api = await createTestApi();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 15 }, () => issueTurnCredentials(api.as(ADA), {})),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  await expect(issueTurnCredentials(api.as(ADA), {})).rejects.toMatchObject({
    code: 'rate_limited',
    details: { retryAfterSeconds: 3_600 },
  });
  expect(await issueTurnCredentials(api.as(BOB), {})).toMatchObject({ provider: 'coturn' });
  api.clock.advance(3_600_000);
  expect(await issueTurnCredentials(api.as(ADA), {})).toMatchObject({ provider: 'coturn' });
});

test('the limit holds over all providers together', async ({ expect }) => {
  await using api = await createTestApi();
  for (let issued = 0; issued < 5; issued += 1) await issueTurnCredentials(api.as(ADA), {});
  const ctx = { ...api.as(ADA), turnProviders: [STUN] };
  await expect(issueTurnCredentials(ctx, {})).rejects.toMatchObject({ code: 'rate_limited' });
});

test('nobody gets none', async ({ expect }) => {
  await using api = await createTestApi();
  await expect(issueTurnCredentials(api.as(NOBODY), {})).rejects.toMatchObject({ code: 'unauthenticated' });
});
