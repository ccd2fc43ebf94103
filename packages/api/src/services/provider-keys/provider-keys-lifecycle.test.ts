import type { TestApi } from '../../../test/fixtures.ts';
import { OPERATOR } from '../../../test/fixtures.ts';
import { add, OTHER_KEY, readAudit, test } from '../../../test/provider-keys.ts';
import { deleteProviderKey } from './delete.ts';
import { disableProviderKey } from './disable.ts';
import { drainProviderKey } from './drain.ts';
import { enableProviderKey } from './enable.ts';
import { getProviderKey } from './get.ts';
import { listProviderKeys } from './list.ts';
import { rotateProviderKey } from './rotate.ts';
import { getUsageSeries } from './usage-series.ts';

async function connectSession(api: TestApi, keyId: string): Promise<void> {
  await api.database.write({
    sql: `insert into sessions (id, user_id, state, kind, request_id, issued_at, connected_at, provider_key_id, attempts)
      values (?1, 'user-ada', 'connected', 'realtime', 'req_1', ?2, ?2, ?3,
        json_array(json_object('status', 200, 'code', null, 'keyId', ?3)))`,
    args: [`ses_${keyId}`, api.clock.now(), keyId],
  });
}

test('rotation: both keys for the overlap, then the old one drains, then it is off', async ({
  api,
  expect,
}) => {
  const old = await add(api);

  const rotated = await rotateProviderKey(api.as(OPERATOR), {
    id: old.id,
    key: OTHER_KEY,
    overlapSeconds: 600,
    test: true,
  });

  expect(rotated.test).toMatchObject({ ok: true });
  expect(rotated.key).toMatchObject({ name: 'Main', replaces: old.id, state: 'active', lastFour: '0002' });
  expect(rotated.old).toMatchObject({
    state: 'active',
    replacedBy: rotated.key.id,
    drainAt: new Date(api.clock.now() + 600_000).toISOString(),
  });
  api.clock.advance(600_000);
  expect((await getProviderKey(api.as(OPERATOR), { id: old.id })).key).toMatchObject({
    state: 'draining',
    reason: 'rotated',
  });
  api.clock.advance(3_600_000);
  expect((await getProviderKey(api.as(OPERATOR), { id: old.id })).key).toMatchObject({ state: 'disabled' });
  expect((await readAudit(api)).map(({ action, target }) => [action, target])).toEqual([
    ['provider_key.add', old.id],
    ['provider_key.rotate', old.id],
    ['provider_key.add', rotated.key.id],
  ]);
});

test('a rotation to a key that the provider rejects, or that is known, changes nothing', async ({
  api,
  expect,
}) => {
  const old = await add(api);
  await add(api, OTHER_KEY, 'Second');
  api.upstream.answer(() => ({
    status: 401,
    body: { error: { message: 'no', type: 'x', code: 'invalid_api_key' } },
  }));
  const before = await api.database.read('select * from provider_keys order by id');

  await expect(
    rotateProviderKey(api.as(OPERATOR), {
      id: old.id,
      key: 'sk-CANARY-third',
      overlapSeconds: 0,
      test: true,
    }),
  ).rejects.toMatchObject({ code: 'invalid_request', details: { param: 'key' } });
  await expect(
    rotateProviderKey(api.as(OPERATOR), { id: old.id, key: OTHER_KEY, overlapSeconds: 0 }),
  ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('"Second"') });
  expect(await api.database.read('select * from provider_keys order by id')).toEqual(before);
});

test('a key on its way out is not rotated a second time', async ({ api, expect }) => {
  const old = await add(api);
  await rotateProviderKey(api.as(OPERATOR), { id: old.id, key: OTHER_KEY, overlapSeconds: 60 });

  await expect(
    rotateProviderKey(api.as(OPERATOR), { id: old.id, key: 'sk-CANARY-third', overlapSeconds: 60 }),
  ).rejects.toMatchObject({ code: 'conflict' });
});

test('disable, enable and drain: state, reason, audit', async ({ api, expect }) => {
  const { id } = await add(api);

  expect((await disableProviderKey(api.as(OPERATOR), { id })).key).toMatchObject({
    state: 'disabled',
    reason: 'operator',
  });
  api.clock.advance(1_000);
  expect((await enableProviderKey(api.as(OPERATOR), { id })).key).toMatchObject({
    state: 'active',
    since: new Date(api.clock.now()).toISOString(),
  });
  const { key } = await drainProviderKey(api.as(OPERATOR), { id, seconds: 60 });
  expect(key).toMatchObject({ state: 'draining', until: new Date(api.clock.now() + 60_000).toISOString() });
  api.clock.advance(60_000);
  expect((await getProviderKey(api.as(OPERATOR), { id })).key.state).toBe('disabled');
  expect((await enableProviderKey(api.as(OPERATOR), { id })).key.state).toBe('active');
  expect((await getProviderKey(api.as(OPERATOR), { id })).events.map(({ action }) => action)).toEqual([
    'provider_key.enable',
    'provider_key.drain',
    'provider_key.enable',
    'provider_key.disable',
    'provider_key.add',
  ]);
});

test('delete needs the typed name, and waits for calls unless the key is off', async ({ api, expect }) => {
  const { id } = await add(api);
  await connectSession(api, id);

  await expect(deleteProviderKey(api.as(OPERATOR), { id, confirmName: 'main' })).rejects.toMatchObject({
    code: 'invalid_request',
    details: { param: 'confirmName' },
  });
  await expect(deleteProviderKey(api.as(OPERATOR), { id, confirmName: 'Main' })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect((await getProviderKey(api.as(OPERATOR), { id })).key.openSessions).toBe(1);
  await disableProviderKey(api.as(OPERATOR), { id });
  expect(await deleteProviderKey(api.as(OPERATOR), { id, confirmName: 'Main' })).toEqual({ ok: true });
  expect(await api.database.read('select id from provider_keys')).toEqual([]);
  expect(await api.database.read('select * from provider_key_hours')).toEqual([]);
  expect((await readAudit(api)).at(-1)).toMatchObject({ action: 'provider_key.delete', target: id });
});

test('a session that never ended keeps its key for as long as a call can last, and not for ever', async ({
  api,
  expect,
}) => {
  const { id } = await add(api);
  await connectSession(api, id);
  const remove = () => deleteProviderKey(api.as(OPERATOR), { id, confirmName: 'Main' });

  api.clock.advance(2 * 3_600_000 - 1);
  await expect(remove()).rejects.toMatchObject({ code: 'conflict' });
  api.clock.advance(1);
  expect((await getProviderKey(api.as(OPERATOR), { id })).key.openSessions).toBe(0);
  expect(await remove()).toEqual({ ok: true });
});

test('usage by hour, quiet hours included, and the last day in the list', async ({ api, expect }) => {
  const { id } = await add(api);
  await connectSession(api, id);
  api.clock.advance(2 * 3_600_000);
  await api.database.write({
    sql: `insert into provider_key_reports (caller, idempotency_key, key_id, ok, error, at)
      values ('test', '1', ?1, 0, 'boom', ?2)`,
    args: [id, api.clock.now()],
  });

  const { hours } = await getUsageSeries(api.as(OPERATOR), { id, hours: 4 });

  expect(hours.map(({ uses, errors }) => [uses, errors])).toEqual([
    [0, 0],
    [1, 0],
    [0, 0],
    [1, 1],
  ]);
  expect(hours[3]?.start).toBe('2026-11-21T14:00:00.000Z');
  const { items } = await listProviderKeys(api.as(OPERATOR), {});
  expect(items[0]).toMatchObject({
    uses24h: 2,
    errors24h: 1,
    usageCount: 2,
    errorCount: 1,
    lastError: 'boom',
  });
  expect(items[0]?.errorSeries24h.at(-1)).toBe(1);
});

test('the list can be narrowed by provider and by what the state amounts to now', async ({ api, expect }) => {
  const first = await add(api);
  await add(api, OTHER_KEY, 'Second');
  await drainProviderKey(api.as(OPERATOR), { id: first.id, seconds: 1 });
  api.clock.advance(1_000);

  const ids = async (input: Parameters<typeof listProviderKeys>[1]) =>
    (await listProviderKeys(api.as(OPERATOR), input)).items.map(({ name }) => name);

  expect(await ids({ provider: 'openai' })).toEqual(['Main', 'Second']);
  expect(await ids({ provider: 'gemini' })).toEqual([]);
  expect(await ids({ state: 'disabled' })).toEqual(['Main']);
  expect(await ids({ state: 'active' })).toEqual(['Second']);
});
