import { expect, test } from 'vitest';

import { startRealKeyServer } from './support/real-key-server.ts';
import { SECRET } from './support/set-up.ts';
import { startWorker } from './support/worker-harness.ts';

async function startKeyWorker(vars: Record<string, string>) {
  return await startWorker('worker.ts', { KEY_SECRET: SECRET, TTL_MS: '60000', ...vars });
}

test('in workerd, requests share one list, and reports arrive after their requests have ended', async () => {
  await using server = await startRealKeyServer(SECRET);
  await using worker = await startKeyWorker({ KEY_SERVER: server.url });

  const keys = await Promise.all(Array.from({ length: 20 }, () => worker.get('/key')));
  expect(new Set(keys)).toEqual(new Set(['k1', 'k2']));
  expect(server.gets()).toBe(1);

  expect(await worker.get('/with')).toMatch(/^k[12]$/);
  expect(await worker.get('/with-429')).toMatch(/^k[12]$/);
  await expect.poll(() => server.counted.size).toBe(3);
  const errors = [...server.counted.values()].map(({ error }) => error);
  expect(errors.filter((error) => error === 'rate_limit_exceeded')).toHaveLength(1);
  await expect.poll(() => worker.get('/stats')).toEqual({ queued: 0, delivered: 3, dropped: 0 });
});

for (const { host, vars } of [
  { host: 'that is told of work behind a call', vars: {} },
  { host: 'that is not', vars: { WITHOUT_WAIT_UNTIL: 'true' } },
]) {
  test(`in workerd, on a host ${host}, a caller that leaves in the middle leaves no one hanging`, async () => {
    await using server = await startRealKeyServer(SECRET);
    server.be('hangs');
    await using worker = await startKeyWorker({ KEY_SERVER: server.url, ...vars });
    await worker.leave('/key', server.nextRequest());
    server.be('well');

    await expect.poll(() => worker.get('/key'), { timeout: 5_000 }).toMatch(/^k[12]$/);
  });
}

test('in workerd, the last good list bridges an outage', async () => {
  await using server = await startRealKeyServer(SECRET);
  await using worker = await startKeyWorker({ KEY_SERVER: server.url, TTL_MS: '0' });
  await worker.get('/key');

  for (const mood of ['cuts_connections', 'fails', 'hangs', 'talks_html'] as const) {
    server.be(mood);
    expect(await worker.get('/key')).toMatch(/^k[12]$/);
  }
});
