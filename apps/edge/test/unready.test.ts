import { test } from './support/host-test.ts';

// This file's own host: its database is one migration short.
test('a schema older than the code is not ready, and says which check failed', async ({ host, expect }) => {
  await host.readRows('alter table turn_issuances rename to turn_issuances_of_yesterday');

  const response = await host.fetch('/readyz');

  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({
    status: 'not_ready',
    checks: { database: 'ok', migrations: 'failed', keyring: 'ok' },
  });
});

test('without a TURN credential a caller gets the STUN servers if it asked for them', async ({
  host,
  expect,
}) => {
  const headers = { authorization: `Bearer ${host.userToken}` };

  const asked = await host.fetch('/api/v1/webrtc/turn-credentials?fallback=stun', { headers });
  const plain = await host.fetch('/api/v1/webrtc/turn-credentials', { headers });

  expect(asked.status).toBe(503);
  const stun = 'stun:stun.example.test:3478';
  expect(await asked.json()).toEqual({ iceServers: [{ url: stun, urls: stun }], ttl: 0 });
  expect(plain.status).toBe(503);
  expect(plain.headers.get('content-type')).toContain('application/problem+json');
  expect(JSON.stringify(await plain.json())).not.toContain('turn_issuances');
});
