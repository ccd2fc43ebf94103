import { test as base } from 'vitest';

import type { TestApi } from '../../test/fixtures.ts';
import { createTestApi, OPERATOR } from '../../test/fixtures.ts';
import type { RequestFacts } from '../auth/actor-resolver.ts';
import type { CreateAccessKeyInput } from '../services/access-keys/create.ts';
import { createAccessKey } from '../services/access-keys/create.ts';
import { disableAccessKey } from '../services/access-keys/disable.ts';
import { enableAccessKey } from '../services/access-keys/enable.ts';
import { revokeAccessKey } from '../services/access-keys/revoke.ts';
import { rotateAccessKey } from '../services/access-keys/rotate.ts';
import { updateAccessKey } from '../services/access-keys/update.ts';
import { createAccessKeyFinder } from './find.ts';
import { createAccessKeySecret } from './format.ts';

const PAGE = 'https://app.example.test';
const FACTS: RequestFacts = { origin: null, ipPrefix: '192.0.2.0/24' };

const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi();
    await use(api);
  },
});

async function create(api: TestApi, input: Partial<CreateAccessKeyInput> = {}) {
  const made = await createAccessKey(api.as(OPERATOR), {
    name: 'Backend',
    environment: 'live',
    scopes: ['tokens:mint'],
    ...input,
  });
  return { id: made.key.id, secret: made.secret };
}

/** A finder as each process has one, and the reads that it makes. */
function createFinder(api: TestApi, { acceptsTestKeys = true } = {}) {
  const { clock, logger, accessKeySecrets } = api.dependencies;
  const reads: string[] = [];
  const touches: Promise<unknown>[] = [];
  const state = { isLocked: false };
  const database = {
    ...api.database,
    write: async (...args: Parameters<TestApi['database']['write']>) => {
      if (state.isLocked) throw new Error('database is locked');
      return await api.database.write(...args);
    },
    read: async (...[sql, args]: Parameters<TestApi['database']['read']>) => {
      reads.push(sql);
      return await api.database.read(sql, args);
    },
  };
  const find = createAccessKeyFinder({
    database,
    clock,
    logger,
    hash: accessKeySecrets.hash,
    acceptsTestKeys,
  });
  const waitUntil = (work: Promise<unknown>): void => void touches.push(work);
  return {
    reads,
    state,
    touched: () => Promise.all(touches),
    find: (secret: string, facts = FACTS) => find(secret, { ...facts, waitUntil }),
  };
}

test('the key is the actor, with what it may do', async ({ api, expect }) => {
  const { id, secret } = await create(api, { allowedModels: ['gpt-realtime-2.1'], maxTtlSeconds: 120 });
  expect(await createFinder(api).find(secret)).toEqual({
    kind: 'access_key',
    id,
    name: 'Backend',
    environment: 'live',
    scopes: ['tokens:mint'],
    allowedModels: ['gpt-realtime-2.1'],
    allowedOrigins: null,
    mintsPerMinute: null,
    maxOpenSessions: null,
    maxTtlSeconds: 120,
    maxSessionSeconds: null,
  });
});

test('what cannot be a key is refused without a read; what is unknown is read once a second', async ({
  api,
  expect,
}) => {
  const { find, reads } = createFinder(api);
  for (const text of ['eph_live_', `eph_live_${'0'.repeat(49)}`]) {
    await expect(find(text)).rejects.toMatchObject({ code: 'unauthenticated' });
  }
  expect(reads).toEqual([]);
  const unknown = createAccessKeySecret('live', (bytes) => bytes.fill(7));
  for (let tries = 0; tries < 50; tries += 1) {
    await expect(find(unknown)).rejects.toMatchObject({ code: 'unauthenticated' });
  }
  expect(reads).toHaveLength(1);
  api.clock.advance(1_000);
  await expect(find(unknown)).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(reads).toHaveLength(2);
});

test('a change counts for the next request, in a process that has served the key before', async ({
  api,
  expect,
}) => {
  const { id, secret } = await create(api);
  const here = createFinder(api);
  const elsewhere = createFinder(api);
  const outcomes = async (): Promise<string[]> => {
    const settled = await Promise.allSettled([here.find(secret), elsewhere.find(secret)]);
    return settled.map((one) => (one.status === 'fulfilled' ? 'ok' : String(one.reason)));
  };
  expect(await outcomes()).toEqual(['ok', 'ok']);
  await disableAccessKey(api.as(OPERATOR), { id });
  expect(await outcomes()).toEqual(Array(2).fill('AppError: This access key is disabled.'));
  await enableAccessKey(api.as(OPERATOR), { id });
  expect(await outcomes()).toEqual(['ok', 'ok']);
  await updateAccessKey(api.as(OPERATOR), { id, scopes: ['models:read'] });
  expect(await elsewhere.find(secret)).toMatchObject({ scopes: ['models:read'] });
  await revokeAccessKey(api.as(OPERATOR), { id, confirmName: 'Backend' });
  expect(await outcomes()).toEqual(Array(2).fill('AppError: This access key was revoked.'));
});

test('an expired key is refused from that moment on', async ({ api, expect }) => {
  const { secret } = await create(api, { expiresAt: new Date(api.clock.now() + 60_000) });
  const { find } = createFinder(api);
  api.clock.advance(59_999);
  expect(await find(secret)).toMatchObject({ name: 'Backend' });
  api.clock.advance(1);
  await expect(find(secret)).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining('expired'),
  });
});

test('after a rotation both secrets are the same key, until the grace is over', async ({ api, expect }) => {
  const { id, secret } = await create(api);
  const rotated = await rotateAccessKey(api.as(OPERATOR), { id, graceSeconds: 600 });
  const { find } = createFinder(api);
  expect([(await find(secret)).id, (await find(rotated.secret)).id]).toEqual([id, id]);
  await updateAccessKey(api.as(OPERATOR), { id, scopes: ['models:read'] });
  expect(await find(secret)).toMatchObject({ scopes: ['models:read'] });
  api.clock.advance(600_000);
  await expect(find(secret)).rejects.toMatchObject({ message: expect.stringContaining('replaced') });
  expect(await find(rotated.secret)).toMatchObject({ id });
});

test('revoking a key revokes its former secret too; the former one alone can be revoked as well', async ({
  api,
  expect,
}) => {
  const first = await create(api);
  const { old } = await rotateAccessKey(api.as(OPERATOR), { id: first.id, graceSeconds: 600 });
  await revokeAccessKey(api.as(OPERATOR), { id: old.id, confirmName: 'Backend' });
  const { find } = createFinder(api);
  await expect(find(first.secret)).rejects.toMatchObject({ message: expect.stringContaining('revoked') });

  const second = await create(api, { name: 'Second' });
  const rotated = await rotateAccessKey(api.as(OPERATOR), { id: second.id, graceSeconds: 600 });
  await revokeAccessKey(api.as(OPERATOR), { id: second.id, confirmName: 'Second' });
  for (const secret of [second.secret, rotated.secret]) {
    await expect(find(secret)).rejects.toMatchObject({ message: expect.stringContaining('revoked') });
  }
});

test('a key for pages is refused from elsewhere, and where no page asks', async ({ api, expect }) => {
  const { secret } = await create(api, { allowedOrigins: [PAGE] });
  const { find } = createFinder(api);
  expect(await find(secret, { ...FACTS, origin: PAGE })).toMatchObject({ name: 'Backend' });
  for (const origin of [null, 'null', 'https://evil.example.test', `${PAGE}.evil.test`, PAGE.toUpperCase()]) {
    await expect(find(secret, { ...FACTS, origin })).rejects.toMatchObject({
      code: 'origin_not_allowed',
      httpStatus: 403,
    });
  }
});

test('a test key is refused where mints cost money', async ({ api, expect }) => {
  const { secret } = await create(api, { environment: 'test' });
  expect(await createFinder(api).find(secret)).toMatchObject({ environment: 'test' });
  await expect(createFinder(api, { acceptsTestKeys: false }).find(secret)).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('test key'),
  });
});

test('the last use is noted once a minute, with the network it came from', async ({ api, expect }) => {
  const { id, secret } = await create(api);
  const finder = createFinder(api);
  const startMs = api.clock.now();
  const lastUse = async () =>
    await api.database.read('select last_used_at, last_used_prefix from access_keys where id = ?1', [id]);
  for (const [advanceMs, expectedMs] of [
    [0, startMs],
    [59_999, startMs],
    [1, startMs + 60_000],
  ] as const) {
    api.clock.advance(advanceMs);
    await Promise.all([finder.find(secret), finder.find(secret)]);
    await finder.touched();
    expect(await lastUse()).toEqual([{ last_used_at: expectedMs, last_used_prefix: FACTS.ipPrefix }]);
  }
});

test('a last use that could not be noted is noted by the next request', async ({ api, expect }) => {
  const { id, secret } = await create(api);
  const finder = createFinder(api);
  for (const isLocked of [true, false]) {
    finder.state.isLocked = isLocked;
    await finder.find(secret);
    await finder.touched();
  }
  expect(await api.database.read('select last_used_at from access_keys where id = ?1', [id])).toEqual([
    { last_used_at: api.clock.now() },
  ]);
});
