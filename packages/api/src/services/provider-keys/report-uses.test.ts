import type { TestApi } from '../../../test/fixtures.ts';
import { SERVICE } from '../../../test/fixtures.ts';
import { add, KEY, OTHER_KEY, test } from '../../../test/provider-keys.ts';
import { reportUses } from './report-uses.ts';

const REJECTED = { success: false, error: 'invalid_api_key', idempotencyKey: 'report-1' };

async function readStates(api: TestApi) {
  return await api.database.read('select usage_count, state from provider_keys order by id');
}

test('a use and what it does to its key are committed together: after a failure the retry does both', async ({
  api,
  expect,
}) => {
  const { id } = await add(api);
  const report = { keyId: id, ...REJECTED };
  await api.database.write({ sql: 'alter table alerts rename to alerts_elsewhere', args: [] });
  await expect(reportUses(api.as(SERVICE), [report])).rejects.toThrow();
  expect(await readStates(api)).toEqual([{ usage_count: 0, state: 'active' }]);
  await api.database.write({ sql: 'alter table alerts_elsewhere rename to alerts', args: [] });

  expect(await reportUses(api.as(SERVICE), [report])).toMatchObject({ counted: 1, duplicates: 0 });

  expect(await readStates(api)).toEqual([{ usage_count: 1, state: 'quarantined' }]);
  expect(await api.database.read('select target from alerts')).toEqual([{ target: id }]);
});

test('a report that is not counted changes no state, and raises no alert', async ({ api, expect }) => {
  const first = await add(api, KEY);
  const second = await add(api, OTHER_KEY, 'Second');
  const service = api.as(SERVICE);
  await reportUses(service, [{ keyId: first.id, success: true, idempotencyKey: 'report-1' }]);

  const late = [
    { keyId: first.id, ...REJECTED },
    { keyId: second.id, ...REJECTED },
  ];
  expect(await reportUses(service, late)).toMatchObject({ counted: 0, duplicates: 2 });
  const mixed = [
    { keyId: second.id, success: true, idempotencyKey: 'report-2' },
    { keyId: first.id, ...REJECTED, idempotencyKey: 'report-2' },
    { keyId: second.id, ...REJECTED, idempotencyKey: 'report-2' },
  ];
  expect(await reportUses(service, mixed)).toMatchObject({ counted: 1, duplicates: 2 });

  expect(await readStates(api)).toEqual([
    { usage_count: 1, state: 'active' },
    { usage_count: 1, state: 'active' },
  ]);
  expect(await api.database.read('select target from alerts')).toEqual([]);
});

test('one counted report among repeated ones of its class is enough', async ({ api, expect }) => {
  const { id } = await add(api);
  const service = api.as(SERVICE);
  await reportUses(service, [{ keyId: id, success: true, idempotencyKey: 'report-1' }]);

  const reports = [
    { keyId: id, ...REJECTED },
    { keyId: id, ...REJECTED, idempotencyKey: 'report-2' },
  ];
  expect(await reportUses(service, reports)).toMatchObject({ counted: 1, duplicates: 1 });

  expect(await readStates(api)).toEqual([{ usage_count: 2, state: 'quarantined' }]);
});

test('beyond the limit nothing is counted and nothing changes', async ({ api, expect }) => {
  const { id } = await add(api);
  const ctx = api.as(SERVICE);
  const internal = { ...ctx.settings.internal, reportsPerMinute: 0 };
  await reportUses(ctx, [{ keyId: id, success: true }]);

  const refused = reportUses({ ...ctx, settings: { ...ctx.settings, internal } }, [
    { keyId: id, ...REJECTED },
  ]);

  await expect(refused).rejects.toMatchObject({ code: 'rate_limited' });
  expect(await readStates(api)).toEqual([{ usage_count: 1, state: 'active' }]);
});
