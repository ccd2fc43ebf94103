import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { CANARY_KEY, INTERNAL_SECRET, NEXT_INTERNAL_SECRET, startHost, STORED_KEYS } from './support/host.ts';
import { test } from './support/host-test.ts';
import { addStoredKeys, fetchKeys, INTERNAL_PATH, report, requestKeys } from './support/internal.ts';
import { connectOperator } from './support/trpc.ts';

const execute = promisify(execFile);

test('the answer is a bare array of the active keys in the fields of the contract, the key itself included', async ({
  host,
  expect,
}) => {
  const [id] = await addStoredKeys(host, 1);

  const response = await requestKeys(host, { query: '?provider=openai' });

  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const keys = await response.json();
  expect(keys).toHaveLength(2);
  expect(keys).toContainEqual({
    id,
    provider: 'openai',
    name: 'Stored 1',
    key: STORED_KEYS[0],
    usageCount: 0,
    errorCount: 0,
  });
  expect(keys).toContainEqual({
    id: expect.stringMatching(/^pkey_env_[0-9a-f]{16}$/),
    provider: 'openai',
    name: 'OPENAI_API_KEY',
    key: CANARY_KEY,
    usageCount: expect.any(Number),
    errorCount: expect.any(Number),
  });
});

test('fewest errors first, then least used', async ({ host, expect }) => {
  await using own = await startHost({ OPENAI_API_KEY: '', OPENAI_BASE_URL: `${host.simulator.url}/v1` });
  const [first = '', second = '', third = ''] = await addStoredKeys(own);
  await report(own, { keyId: first, success: false, error: 'boom' });
  for (let times = 0; times < 3; times += 1) await report(own, { keyId: second, success: true });
  await report(own, { keyId: third, success: true });
  await report(own, { keyId: third, success: true });

  const stored = (await fetchKeys(own)).filter(({ name }) => name.startsWith('Stored'));

  expect(stored.map(({ id, usageCount, errorCount }) => [id, usageCount, errorCount])).toEqual([
    [third, 2, 0],
    [second, 3, 0],
    [first, 1, 1],
  ]);
});

test('only keys that can be used now: what is off, draining or in quarantine is left out', async ({
  host,
  expect,
}) => {
  const operator = await connectOperator(host);
  const add = async (name: string, key: string) =>
    (await operator.keys.add.mutate({ provider: 'gemini', name, key: `AIzaCANARY${key.repeat(29)}` })).key.id;
  const ids = { on: await add('on', 'a'), off: await add('off', 'b'), gone: await add('gone', 'c') };
  const rejected = await add('rejected', 'd');
  await operator.keys.disable.mutate({ id: ids.off });
  await operator.keys.drain.mutate({ id: ids.gone, seconds: 60 });
  await report(host, { keyId: rejected, success: false, error: 'invalid_api_key' });

  expect((await fetchKeys(host, 'gemini')).map(({ id }) => id)).toEqual([ids.on]);
  expect((await fetchKeys(host)).map(({ provider }) => provider)).toContain('openai');
  expect(await fetchKeys(host, 'nobody')).toEqual([]);
});

for (const { name, secret } of [
  { name: 'no secret', secret: null },
  { name: 'a wrong secret', secret: 'internal-CANARY-secret-of-the-tests-99' },
  { name: 'the beginning of the secret', secret: INTERNAL_SECRET.slice(0, -1) },
  { name: 'the secret and more', secret: `${INTERNAL_SECRET}x` },
  { name: 'two secrets in one', secret: `${INTERNAL_SECRET},${NEXT_INTERNAL_SECRET}` },
]) {
  test(`${name} is 401 with exactly the body of the contract, for both methods`, async ({ host, expect }) => {
    const read = await requestKeys(host, { secret });
    const written = await report(host, { keyId: 'x', success: true }, secret);

    for (const response of [read, written]) {
      expect(response.status).toBe(401);
      expect(await response.text()).toBe('{"error":"Unauthorized"}');
    }
  });
}

test("a user's token and an operator's are no internal secret", async ({ host, expect }) => {
  expect((await requestKeys(host, { secret: host.userToken })).status).toBe(401);
});

test('two secrets are valid at once, and the audit says which one came', async ({ host, expect }) => {
  expect((await requestKeys(host, { secret: INTERNAL_SECRET })).status).toBe(200);
  expect((await requestKeys(host, { secret: NEXT_INTERNAL_SECRET })).status).toBe(200);

  const rows = await host.readRows(
    "select distinct actor_kind, actor_id from audit_entries where action = 'provider_key.read' and result = 'ok' order by 2",
  );
  expect(rows).toEqual([
    { actor_kind: 'internal', actor_id: 'crawler' },
    { actor_kind: 'internal', actor_id: 'next' },
  ]);
});

test('every read is audited: who, from where, which keys, and no key', async ({ host, expect }) => {
  const response = await host.fetch(`${INTERNAL_PATH}?provider=openai`, {
    headers: {
      authorization: `Bearer ${INTERNAL_SECRET}`,
      'x-request-id': 'req_of_the_audit_test',
      'x-forwarded-for': '203.0.113.9',
    },
  });
  const keys = await response.json();

  const [entry] = await host.readRows(
    "select * from audit_entries where request_id = 'req_of_the_audit_test'",
  );

  expect(entry).toMatchObject({
    actor_kind: 'internal',
    actor_id: 'crawler',
    action: 'provider_key.read',
    result: 'ok',
    ip_prefix: expect.stringMatching(/^127\.0\.0\.0\/24$|^0:0:0::\/48$/),
  });
  const details: unknown = JSON.parse(String(entry?.['details']));
  expect(details).toEqual({ provider: 'openai', keyIds: keys.map(({ id }: { id: string }) => id) });
  expect(JSON.stringify(entry)).not.toContain('CANARY');
});

test('a refused request is audited too', async ({ host, expect }) => {
  await host.fetch(INTERNAL_PATH, {
    headers: { authorization: 'Bearer nobody', 'x-request-id': 'req_of_a_refusal' },
  });

  expect(
    await host.readRows("select actor_kind, result from audit_entries where request_id = 'req_of_a_refusal'"),
  ).toEqual([{ actor_kind: 'anonymous', result: 'denied' }]);
});

test('beyond its limit a secret gets 429 with Retry-After, and no key; another one is not held up', async ({
  expect,
}) => {
  await using own = await startHost({ INTERNAL_READS_PER_MINUTE: '3', INTERNAL_REPORTS_PER_MINUTE: '2' });
  const keyId = (await fetchKeys(own))[0]?.id ?? '';

  // Two windows may be touched when the minute turns; more than twice the limit is refused in any case.
  const reads = await Promise.all(Array.from({ length: 10 }, () => requestKeys(own)));
  const reports = await Promise.all(Array.from({ length: 8 }, () => report(own, { keyId, success: true })));

  const refused = [...reads, ...reports].filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(4 + 4);
  for (const response of refused) {
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({ error: expect.stringContaining('Too many requests') });
    expect(text).not.toContain('CANARY');
  }
  const counted = reads.filter(({ status }) => status === 200).length;
  const audited = await own.readRows(
    "select count(*) as n from audit_entries where action = 'provider_key.read'",
  );
  expect(Number(audited[0]?.['n'])).toBeGreaterThanOrEqual(counted);
  expect(Number(audited[0]?.['n'])).toBeLessThanOrEqual(6);
  expect((await requestKeys(own, { secret: NEXT_INTERNAL_SECRET })).status).toBe(200);
});

test('an address that guesses is refused after 60 tries a minute, whatever it says about itself', async ({
  expect,
}) => {
  await using own = await startHost();

  const statuses: number[] = [];
  for (let at = 0; at < 130; at += 1) {
    const response = await own.fetch(INTERNAL_PATH, {
      headers: { authorization: `Bearer guess-${at}`, 'x-forwarded-for': `203.0.113.${at}` },
    });
    statuses.push(response.status);
    await response.text();
  }

  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(120);
  expect((await requestKeys(own)).status).toBe(200);
});

test("the seed's own script finds the first key with curl and jq", async ({ host, expect }) => {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-seed-'));
  const operator = await connectOperator(host);
  const key = `AIzaCANARY${'s'.repeat(29)}`;
  await operator.keys.add.mutate({ provider: 'gemini', name: 'For the script', key });
  const [first] = await fetchKeys(host, 'gemini');
  // The script as it was written, but for the restart of somebody's process.
  const script = String.raw`#!/bin/bash

# Fetch keys from dashboard API
KEYS=$(curl -s -H "Authorization: Bearer $INTERNAL_API_SECRET" \
  "$DASHBOARD_URL/api/internal/api-keys?provider=gemini")

# Extract first active key
GEMINI_KEY=$(echo $KEYS | jq -r '.[0].key')

# Update .env of itqan-ma
echo "GEMINI_API_KEY=$GEMINI_KEY" >> ${folder}/.env.local
`;
  try {
    // Not spawnSync: workerd's own loopback runs in this process.
    const run = await execute('bash', ['--norc', '-c', script], {
      env: { PATH: process.env['PATH'], INTERNAL_API_SECRET: INTERNAL_SECRET, DASHBOARD_URL: host.url },
    });

    expect(run.stderr).toBe('');
    expect(await readFile(join(folder, '.env.local'), 'utf8')).toBe(`GEMINI_API_KEY=${first?.key ?? ''}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
