import { pickProviderKey, readPickedProviderKey } from '@ephemera/db';

import type { TestApi } from '../../../test/fixtures.ts';
import { OPERATOR, SERVICE } from '../../../test/fixtures.ts';
import { add, OTHER_KEY, test } from '../../../test/provider-keys.ts';
import { addProviderKey } from './add.ts';
import { drainProviderKey } from './drain.ts';
import { fetchKeysForService } from './fetch-for-service.ts';
import { getProviderKey } from './get.ts';
import { reportUses } from './report-uses.ts';
import { rotateProviderKey } from './rotate.ts';
import { testProviderKey } from './test.ts';

async function fetchIds(api: TestApi, provider: string): Promise<string[]> {
  return (await fetchKeysForService(api.as(SERVICE), { provider })).map(({ id }) => id);
}

async function pickId(api: TestApi, provider: string): Promise<string | null> {
  const { rows } = await api.database.write(pickProviderKey({ provider, nowMs: api.clock.now() }));
  return readPickedProviderKey(rows)?.id ?? null;
}

async function report(api: TestApi, keyId: string, error: string): Promise<void> {
  await reportUses(api.as(SERVICE), [{ keyId, success: false, error }]);
}

async function readState(api: TestApi, id: string): Promise<unknown> {
  const { state, reason } = (await getProviderKey(api.as(OPERATOR), { id })).key;
  return { state, reason };
}

const DAY_MS = 86_400_000;

test('a used-up key of a provider without mints is given out again on the next day, and goes again if it still fails', async ({
  api,
  expect,
}) => {
  const { key } = await addProviderKey(api.as(OPERATOR), {
    provider: 'gemini',
    name: 'Gemini',
    key: `AIza${'x'.repeat(35)}`,
  });
  for (const day of [1, 2]) {
    await report(api, key.id, 'insufficient_quota');
    expect(await fetchIds(api, 'gemini'), `day ${day}`).toEqual([]);
    expect(await pickId(api, 'gemini'), `day ${day}`).toBeNull();
    api.clock.advance(DAY_MS);
    expect(await fetchIds(api, 'gemini'), `day ${day}`).toEqual([key.id]);
    expect(await pickId(api, 'gemini'), `day ${day}`).toBe(key.id);
  }
});

test('a key whose breaker was open for long enough is given out again', async ({ api, expect }) => {
  const { id } = await add(api);
  await api.database.write({
    sql: "update provider_keys set state = 'cooling_down', state_reason = 'breaker', state_until = ?1",
    args: [api.clock.now() + 5_000],
  });
  api.clock.advance(4_999);
  expect([await fetchIds(api, 'openai'), await pickId(api, 'openai')]).toEqual([[], null]);
  api.clock.advance(1);
  expect([await fetchIds(api, 'openai'), await pickId(api, 'openai')]).toEqual([[id], id]);
});

test('no report ends a drain, and no test afterwards brings the key back', async ({ api, expect }) => {
  const { id } = await add(api);
  await drainProviderKey(api.as(OPERATOR), { id, seconds: 60 });
  await report(api, id, 'invalid_api_key');
  await testProviderKey(api.as(OPERATOR), { id });
  expect(await readState(api, id)).toEqual({ state: 'draining', reason: 'operator' });
  api.clock.advance(60_000);
  await report(api, id, 'invalid_api_key');
  await testProviderKey(api.as(OPERATOR), { id });
  expect(await readState(api, id)).toEqual({ state: 'disabled', reason: 'drained' });
  expect(await api.database.read('select id from alerts')).toEqual([]);
});

test('a key that was rotated out stays out, and raises no alert', async ({ api, expect }) => {
  const { id } = await add(api);
  await rotateProviderKey(api.as(OPERATOR), { id, key: OTHER_KEY, overlapSeconds: 60 });
  for (const step of [60_000, 3_600_000]) {
    api.clock.advance(step);
    const before = await readState(api, id);
    for (const error of ['insufficient_quota', 'invalid_api_key']) await report(api, id, error);
    expect(await readState(api, id)).toEqual(before);
  }
  expect(await readState(api, id)).toEqual({ state: 'disabled', reason: 'drained' });
  expect(await api.database.read('select id from alerts')).toEqual([]);
});

const ENTRIES = `select actor_kind, actor_id, ip_prefix, action, details from audit_entries
  where action <> 'provider_key.add' order by id`;

test('what a report does to a key is audited under the service that sent it, and from where', async ({
  api,
  expect,
}) => {
  const { id } = await add(api);
  const ctx = { ...api.as(SERVICE), ipPrefix: '192.0.2.0/24' };
  for (const error of ['rate_limit_exceeded', 'insufficient_quota', 'invalid_api_key'])
    await reportUses(ctx, [{ keyId: id, success: false, error }]);
  const told = { actor_kind: 'internal', actor_id: 'crawler', ip_prefix: '192.0.2.0/24' };
  expect(await api.database.read(ENTRIES)).toEqual([
    {
      ...told,
      action: 'provider_key.cool_down',
      details: JSON.stringify({ from: 'active', reason: 'rate_limited' }),
    },
    {
      ...told,
      action: 'provider_key.exhaust',
      details: JSON.stringify({ from: 'cooling_down', reason: 'insufficient_quota' }),
    },
    {
      ...told,
      action: 'provider_key.quarantine',
      details: JSON.stringify({ from: 'exhausted', reason: 'invalid_api_key' }),
    },
  ]);
});

test('the first use that goes well after a time out brings the key back, once and with its alert', async ({
  api,
  expect,
}) => {
  const { key } = await addProviderKey(api.as(OPERATOR), {
    provider: 'gemini',
    name: 'Gemini',
    key: `AIza${'x'.repeat(35)}`,
  });
  const succeed = (idempotencyKey: string) =>
    reportUses(api.as(SERVICE), [{ keyId: key.id, success: true, idempotencyKey }]);
  await succeed('before');
  await report(api, key.id, 'insufficient_quota');
  await succeed('too early');
  expect(await readState(api, key.id)).toMatchObject({ state: 'exhausted' });
  api.clock.advance(DAY_MS);
  await succeed('before');
  expect(await readState(api, key.id)).toMatchObject({ state: 'exhausted' });
  await succeed('after');
  expect(await readState(api, key.id)).toEqual({ state: 'active', reason: null });
  expect(await api.database.read('select kind from alerts where resolved_at is null')).toEqual([]);
});
