import { test } from './support/host-test.ts';

const MINT = '/v1/realtime/client_secrets';
const BODY = { expires_after: { anchor: 'created_at', seconds: 120 }, session: { type: 'realtime' } };

test('security 45: the same Idempotency-Key and body answer the same client secret, minted once', async ({
  host,
  expect,
}) => {
  await host.simulator.admin.reset();
  const headers = { 'idempotency-key': 'order-1' };

  const first = await host.post(MINT, BODY, { headers });
  const second = await host.post(MINT, BODY, { headers });

  expect(first.status).toBe(200);
  expect(second.status).toBe(200);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect(second.headers.get('x-broker-session-id')).toBe(first.headers.get('x-broker-session-id'));
  expect(second.headers.get('cache-control')).toBe('no-store');
  const secret = await first.json();
  expect(await second.json()).toEqual(secret);
  expect(await host.simulator.admin.requests()).toHaveLength(1);
  const rows = await host.readRows("select * from idempotent_mints where idempotency_key = 'order-1'");
  expect(JSON.stringify(rows)).not.toContain(secret.value.slice(3));
  expect(Number(rows[0]?.['expires_at'])).toBeLessThanOrEqual(secret.expires_at * 1_000);
});

test('security 45: another body under the same key is 422, in the shape of this route', async ({
  host,
  expect,
}) => {
  const headers = { 'idempotency-key': 'order-2' };
  await host.post(MINT, BODY, { headers });

  const response = await host.post(MINT, { ...BODY, expires_after: { seconds: 60 } }, { headers });

  expect(response.status).toBe(422);
  expect(response.headers.get('x-should-retry')).toBe('false');
  expect(await response.json()).toMatchObject({
    error: { type: 'idempotency_error', code: 'idempotency_key_reused' },
  });
});

test('security 45: while the first one is under way the second is 409, and both come to one secret', async ({
  host,
  expect,
}) => {
  await host.simulator.admin.reset();
  await host.simulator.admin.setFault({ match: { path: MINT }, action: { kind: 'delay', ms: 600 } });
  const headers = { 'idempotency-key': 'order-3' };
  const first = host.post(MINT, BODY, { headers });
  await expect.poll(() => host.simulator.admin.requests(), { timeout: 5_000 }).toHaveLength(1);

  const second = await host.post(MINT, BODY, { headers });

  expect(second.status).toBe(409);
  expect(second.headers.get('retry-after')).toBe('1');
  expect((await first).status).toBe(200);
  const third = await host.post(MINT, BODY, { headers });
  expect(await third.json()).toEqual(await (await first).json());
  expect(await host.simulator.admin.requests()).toHaveLength(1);
});

test("security 45: another user's same key is independent", async ({ host, expect }) => {
  const headers = { 'idempotency-key': 'order-4' };
  const mine = await host.post(MINT, BODY, { headers });
  const theirs = await host.post(MINT, BODY, { headers, token: await host.issuer.sign() });

  expect(theirs.status).toBe(200);
  expect(theirs.headers.get('idempotent-replayed')).toBeNull();
  expect((await theirs.json()).value).not.toBe((await mine.json()).value);
});

test('a key that is none is refused, and nobody is asked', async ({ host, expect }) => {
  await host.simulator.admin.reset();
  for (const key of ['x'.repeat(256), 'two words']) {
    const response = await host.post(MINT, BODY, { headers: { 'idempotency-key': key } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'Idempotency-Key' } });
  }
  expect(await host.simulator.admin.requests()).toEqual([]);
});
