import { NEXT_INTERNAL_SECRET } from './support/host.ts';
import { test } from './support/host-test.ts';
import { fetchKeys, INTERNAL_PATH, readCounts, report } from './support/internal.ts';
import { connectOperator } from './support/trpc.ts';

test('a report counts one use, stamps it, and says so in the words of the contract', async ({
  host,
  expect,
}) => {
  const operator = await connectOperator(host);
  const { key } = await operator.keys.add.mutate({
    provider: 'gemini',
    name: 'reported',
    key: `AIzaCANARY${'e'.repeat(29)}`,
  });

  const good = await report(host, { keyId: key.id, success: true });
  const bad = await report(host, { keyId: key.id, success: true, error: 'Something went wrong' });
  const silent = await report(host, { keyId: key.id, success: false });

  for (const response of [good, bad, silent]) {
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"success":true}');
  }
  expect(await readCounts(host, key.id)).toMatchObject({
    usage_count: 3,
    error_count: 2,
    last_error: 'unspecified',
    state: 'active',
  });
  const { hours } = await operator.keys.usage.query({ id: key.id, hours: 2 });
  expect(hours.reduce((sum, { uses }) => sum + uses, 0)).toBe(3);
  expect(hours.reduce((sum, { errors }) => sum + errors, 0)).toBe(2);
});

test('an unknown key is 404 and counts nothing', async ({ host, expect }) => {
  const response = await report(host, { keyId: 'pkey_nobody', success: true });

  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: expect.any(String) });
  expect(await host.readRows("select * from provider_key_reports where key_id = 'pkey_nobody'")).toEqual([]);
});

test('a report that comes twice counts once, also when the secret was rotated between the tries', async ({
  host,
  expect,
}) => {
  const id = (await fetchKeys(host, 'openai'))[0]?.id ?? '';
  const before = await readCounts(host, id);
  const body = { keyId: id, success: true, idempotencyKey: 'report-1' };

  const answers = await Promise.all([report(host, body), report(host, body), report(host, body)]);
  await report(host, body, NEXT_INTERNAL_SECRET);

  expect(await Promise.all(answers.map((response) => response.text()))).toEqual(
    Array.from({ length: 3 }, () => '{"success":true}'),
  );
  expect((await readCounts(host, id))?.['usage_count']).toBe(Number(before?.['usage_count']) + 1);
});

test('a batch counts each report once and names what it does not know', async ({ host, expect }) => {
  const id = (await fetchKeys(host, 'openai'))[0]?.id ?? '';
  const before = await readCounts(host, id);
  const reports = [
    ...Array.from({ length: 400 }, (_, index) => ({
      keyId: id,
      success: true,
      idempotencyKey: `batch-${index % 350}`,
    })),
    { keyId: 'pkey_nobody', success: true },
    { keyId: 'pkey_somebody', success: true, idempotencyKey: 'batch-x' },
  ];

  const first = await report(host, { reports });
  const again = await report(host, { reports });

  expect(await first.json()).toEqual({
    success: true,
    counted: 350,
    duplicates: 50,
    unknown: ['pkey_nobody', 'pkey_somebody'],
  });
  expect(await again.json()).toMatchObject({ counted: 0, duplicates: 400 });
  expect((await readCounts(host, id))?.['usage_count']).toBe(Number(before?.['usage_count']) + 350);
});

const REPORT = { keyId: 'x', success: true };

for (const { name, body, at } of [
  { name: 'nothing', body: {}, at: "'keyId'" },
  { name: 'no id', body: { success: true }, at: "'keyId'" },
  { name: 'success as text', body: { ...REPORT, success: 'yes' }, at: "'success'" },
  { name: 'an error that is no text', body: { ...REPORT, error: { message: 'no' } }, at: "'error'" },
  { name: 'an empty batch', body: { reports: [] }, at: "'reports'" },
  { name: 'a batch that is none', body: { reports: REPORT }, at: "'reports'" },
  { name: 'a batch of 501', body: { reports: Array.from({ length: 501 }, () => REPORT) }, at: '<=500' },
  {
    name: 'a bad report in a batch',
    body: { reports: [REPORT, { ...REPORT, success: 'yes' }] },
    at: "'reports[1].success'",
  },
]) {
  test(`a body with ${name} is 400 in the shape of this route, and names what is wrong`, async ({
    host,
    expect,
  }) => {
    const response = await report(host, body);

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining(at) });
  });
}

test('other methods and paths answer in the shape of this route', async ({ host, expect }) => {
  const response = await host.fetch(`${INTERNAL_PATH}/1`, { method: 'DELETE' });

  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: expect.any(String) });
});

test('the text of an error is kept without the key it is about, and without any other', async ({
  host,
  expect,
}) => {
  const operator = await connectOperator(host);
  const key = `AIzaCANARY${'m'.repeat(29)}`;
  const { id } = (await operator.keys.add.mutate({ provider: 'gemini', name: 'masked', key })).key;

  await report(host, {
    keyId: id,
    success: false,
    error: `Bad key ${key}, also sk-CANARY-another-key-0123, request 7f1c failed\nsecond line`,
  });

  const stored = await readCounts(host, id);
  expect(stored?.['last_error']).toBe('Bad key [masked], also [masked], request 7f1c failed second line');
});

for (const { code, state } of [
  { code: 'account_deactivated', state: 'quarantined' },
  { code: 'insufficient_quota', state: 'exhausted' },
  { code: 'billing_hard_limit_reached', state: 'exhausted' },
  { code: 'rate_limit_exceeded', state: 'cooling_down' },
]) {
  test(`a service that reports ${code} puts the key into ${state}, once`, async ({ host, expect }) => {
    const operator = await connectOperator(host);
    const { key } = await operator.keys.add.mutate({
      provider: 'gemini',
      name: code,
      key: `AIzaCANARY-${code}`.padEnd(39, 'x'),
    });

    await Promise.all(
      Array.from({ length: 5 }, () => report(host, { keyId: key.id, success: false, error: code })),
    );

    expect(await readCounts(host, key.id)).toMatchObject({ state, usage_count: 5, error_count: 5 });
    const alerts = await host.readRows('select kind from alerts where target = ?', [key.id]);
    expect(alerts).toHaveLength(state === 'cooling_down' ? 0 : 1);
    expect((await fetchKeys(host, 'gemini')).map(({ id }) => id)).not.toContain(key.id);
  });
}
