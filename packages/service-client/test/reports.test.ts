import { expect, test } from 'vitest';

import { settle } from './support/fake-clock.ts';
import { goAway, hang, refuse } from './support/fake-key-server.ts';
import { setUp } from './support/set-up.ts';

function report(keyId: string, success = true) {
  return { keyId, success };
}

test('successes travel together, after the interval', async () => {
  const { client, server, clock } = setUp();
  client.reportUsage(report('k1'));
  await clock.advance(500);
  client.reportUsage(report('k2'));
  await clock.advance(499);
  expect(server.posts()).toHaveLength(0);
  await clock.advance(1);

  expect(server.posts().map(({ reports }) => reports)).toEqual([
    [
      { keyId: 'k1', success: true, idempotencyKey: 'report-1' },
      { keyId: 'k2', success: true, idempotencyKey: 'report-2' },
    ],
  ]);
  expect(client.stats()).toEqual({ queued: 0, delivered: 2, dropped: 0 });
});

test('a full batch and a failure are sent at once', async () => {
  const { client, server, clock } = setUp({ flushSize: 3 });
  for (const id of ['a', 'b', 'c']) client.reportUsage(report(id));
  await clock.advance(0);
  expect(server.posts().map(({ reports }) => reports.length)).toEqual([3]);

  client.reportUsage({ keyId: 'd', success: false, error: 'invalid_api_key' });
  await clock.advance(0);

  expect(server.posts()[1]?.reports).toMatchObject([
    { keyId: 'd', success: false, error: 'invalid_api_key' },
  ]);
});

test('a failed flush keeps the reports, with the keys they were born with', async () => {
  const { client, server, clock } = setUp();
  server.behave(goAway);
  client.reportUsage(report('k1'));
  await clock.advance(1_000);
  expect(client.stats()).toMatchObject({ queued: 1, delivered: 0 });
  server.behave(null);
  client.reportUsage(report('k2'));
  await clock.advance(500);

  expect(server.posts().map(({ reports }) => reports.map(({ idempotencyKey }) => idempotencyKey))).toEqual([
    ['report-1'],
    ['report-1', 'report-2'],
  ]);
  expect(client.stats()).toEqual({ queued: 0, delivered: 2, dropped: 0 });
});

test('an answer that got lost makes a second delivery, which counts once', async () => {
  const { client, server, clock } = setUp();
  server.behave((request) => {
    server.answer(request);
    throw new TypeError('connection reset');
  });
  client.reportUsage(report('k1'));
  await clock.advance(1_000);
  server.behave(null);
  await clock.advance(500);

  expect(server.posts()).toHaveLength(2);
  expect(server.counted.size).toBe(1);
});

test('a report that comes while a delivery runs travels with the next, and the timer goes on after', async () => {
  const { client, server, clock } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.behave(async (request) => {
    await promise;
    return server.answer(request);
  });
  client.reportUsage(report('k1', false));
  await clock.advance(0);
  client.reportUsage(report('k2', false));
  await clock.advance(100);
  expect(server.posts()).toHaveLength(1);
  resolve();
  await settle();
  expect(client.stats()).toMatchObject({ queued: 0, delivered: 2 });

  client.reportUsage(report('k3'));
  await clock.advance(1_000);
  expect(client.stats()).toMatchObject({ queued: 0, delivered: 3 });
});

test('a report that comes while a delivery fails waits as long as the others', async () => {
  const { client, server, clock } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.behave(async (request) => {
    await promise;
    return refuse(429, { 'retry-after': '7' })(request);
  });
  client.reportUsage(report('k1', false));
  await clock.advance(0);
  client.reportUsage(report('k2', false));
  resolve();
  await clock.advance(6_999);
  expect(server.posts()).toHaveLength(1);
  await clock.advance(1);
  expect(server.posts()).toHaveLength(2);
});

test('retries come ever more rarely and as late as the server asks', async () => {
  const { client, server, clock } = setUp();
  const times: number[] = [];
  server.behave((request) => {
    times.push(clock.now());
    return refuse(503)(request);
  });
  client.reportUsage(report('k1'));
  await clock.advance(120_000);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(gaps.slice(0, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);

  const other = setUp();
  other.server.behave(refuse(429, { 'retry-after': '7' }));
  other.client.reportUsage(report('k1'));
  await other.clock.advance(1_000);
  await other.clock.advance(6_999);
  expect(other.server.posts()).toHaveLength(1);
  await other.clock.advance(1);
  expect(other.server.posts()).toHaveLength(2);
});

test('while the server is away, new reports do not make it busier', async () => {
  const { client, server, clock } = setUp();
  server.behave(refuse(503));
  client.reportUsage(report('k1'));
  await clock.advance(1_000);
  for (let index = 0; index < 1_000; index += 1) client.reportUsage(report('k1', false));
  await clock.advance(400);

  expect(server.posts()).toHaveLength(1);
  server.behave(null);
  await clock.advance(100);
  expect(
    server
      .posts()
      .slice(1)
      .map(({ reports }) => reports.length),
  ).toEqual([500, 500, 1]);
  expect(client.stats()).toEqual({ queued: 0, delivered: 1_001, dropped: 0 });
});

test('reports wait for a wrong secret or address to be mended', async () => {
  for (const status of [401, 403, 404]) {
    const { client, server, clock } = setUp();
    server.behave(refuse(status));
    client.reportUsage(report('k1'));
    await clock.advance(1_000);
    expect(client.stats()).toMatchObject({ queued: 1, dropped: 0 });
    server.behave(null);
    await clock.advance(500);
    expect(client.stats()).toMatchObject({ queued: 0, delivered: 1 });
  }
});

test('one report that the server refuses does not hold up the others', async () => {
  const { client, server, clock, dropped } = setUp();
  server.behave((request) =>
    request.reports.some(({ keyId }) => keyId === 'bad') ? refuse(400)(request) : server.answer(request),
  );
  for (let index = 0; index < 20; index += 1) client.reportUsage(report(index === 13 ? 'bad' : `k${index}`));
  await clock.advance(1_000);

  expect(server.counted.size).toBe(19);
  expect(dropped).toMatchObject([{ reason: 'refused', reports: [{ keyId: 'bad' }] }]);
  expect(client.stats()).toEqual({ queued: 0, delivered: 19, dropped: 1 });
});

test('a key that the server does not know any more is told and not sent again', async () => {
  const { client, server, clock, dropped } = setUp();
  server.behave(() => Response.json({ success: true, counted: 1, duplicates: 0, unknown: ['gone'] }));
  client.reportUsage(report('gone'));
  client.reportUsage(report('k1'));
  await clock.advance(60_000);

  expect(server.posts()).toHaveLength(1);
  expect(dropped).toMatchObject([{ reason: 'unknown_key', reports: [{ keyId: 'gone' }] }]);
  expect(client.stats()).toEqual({ queued: 0, delivered: 1, dropped: 1 });
});

test('the queue has an end, and what does not fit is counted', async () => {
  const { client, server, clock, dropped } = setUp({ maxQueued: 2 });
  server.behave(goAway);
  for (const id of ['a', 'b', 'c']) client.reportUsage(report(id));
  await clock.advance(1_000);

  expect(dropped).toMatchObject([{ reason: 'queue_full', reports: [{ keyId: 'c' }] }]);
  expect(client.stats()).toEqual({ queued: 2, delivered: 0, dropped: 1 });
});

test('what is older than the memory of the server is given up: it might count twice', async () => {
  const { client, server, clock, dropped } = setUp();
  server.behave(hang);
  client.reportUsage(report('k1'));
  await clock.advance(1_000);
  server.behave(goAway);
  await clock.advance(23 * 3_600_000);
  expect(dropped).toEqual([]);
  await clock.advance(60_000);

  expect(dropped).toMatchObject([{ reason: 'expired', reports: [{ keyId: 'k1' }] }]);
});

test('close delivers what is queued', async () => {
  const { client, server, clock } = setUp();
  client.reportUsage(report('k1'));
  await client.close();
  await client.close();

  expect(server.counted.size).toBe(1);
  expect(clock.pendingTimers()).toBe(0);
});

test('close goes on trying for its time, then hands back what is left', async () => {
  const { client, server, clock, dropped } = setUp();
  server.behave(goAway);
  client.reportUsage(report('k1'));
  const closing = client.close();
  await clock.advance(5_000);
  await closing;

  expect(server.posts().length).toBeGreaterThan(2);
  expect(dropped).toMatchObject([{ reason: 'closed', reports: [{ keyId: 'k1' }] }]);
  client.reportUsage(report('k2'));
  expect(client.stats()).toEqual({ queued: 0, delivered: 0, dropped: 2 });
  expect(clock.pendingTimers()).toBe(0);
});

test('close does not wait longer than its time for a server that hangs', async () => {
  const { client, server, clock } = setUp({ requestTimeoutMs: 60_000, closeTimeoutMs: 2_000 });
  server.behave(hang);
  client.reportUsage(report('k1'));
  const closing = client.close();
  await clock.advance(2_000);
  await closing;

  expect(client.stats()).toMatchObject({ queued: 0, dropped: 1 });
});

test('leaving its block closes the client', async () => {
  const { client, server } = setUp();
  {
    await using used = client;
    used.reportUsage(report('k1'));
  }
  expect(server.counted.size).toBe(1);
});

test('flush sends now, several calls make one delivery', async () => {
  const { client, server } = setUp();
  client.reportUsage(report('k1'));
  await Promise.all([client.flush(), client.flush()]);
  await settle();

  expect(server.posts()).toHaveLength(1);
});

test('a long error is cut, an own idempotency key is kept', async () => {
  const { client, server } = setUp();
  client.reportUsage({ keyId: 'k1', success: false, error: 'x'.repeat(9_000), idempotencyKey: 'mine' });
  await client.flush();

  expect(server.posts()[0]?.reports).toEqual([
    { keyId: 'k1', success: false, error: 'x'.repeat(500), idempotencyKey: 'mine' },
  ]);
});

test('a long error is cut between two characters, and one that is no text is none the less a report', async () => {
  const { client, server } = setUp();
  client.reportUsage({ keyId: 'k1', success: false, error: `${'x'.repeat(499)}😀` });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because JavaScript has no types to keep it away
  client.reportUsage({ keyId: 'k2', success: false, error: new Error('sk-secret') as unknown as string });
  await client.flush();

  const errors = server.posts().flatMap(({ reports }) => reports.map(({ error }) => error));
  expect(errors).toEqual([`${'x'.repeat(499)}\ufffd`, 'error']);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('of the host');
    },
  ],
  ['rejects', () => Promise.reject(new Error('of the host'))],
])('an onDropped that %s harms neither the caller nor the queue', async (_, onDropped) => {
  const { client, server, clock } = setUp({ maxQueued: 1, onDropped });
  client.reportUsage(report('k1'));
  client.reportUsage(report('k2'));
  server.behave(() => Response.json({ success: true, unknown: ['k1'] }));
  await clock.advance(1_000);
  server.behave(null);
  client.reportUsage(report('k3'));
  await clock.advance(1_000);

  expect(client.stats()).toEqual({ queued: 0, delivered: 1, dropped: 2 });
});

test('the host is told of all work that goes on behind a call', async () => {
  const work: Promise<unknown>[] = [];
  const { client, clock } = setUp({ waitUntil: (promise) => void work.push(promise) });
  await client.getApiKey('gemini');
  client.reportUsage(report('k1'));
  const before = work.length;
  await clock.advance(1_000);

  expect(before).toBeGreaterThanOrEqual(2);
  await Promise.all(work);
  expect(client.stats()).toMatchObject({ delivered: 1 });
});
