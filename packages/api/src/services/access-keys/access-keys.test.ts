import { allowances, budgets } from '@ephemera/db';
import { test as base } from 'vitest';

import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, createTestApi, NOBODY, OPERATOR, SERVICE } from '../../../test/fixtures.ts';
import { createAccessKeyFinder } from '../../access-keys/find.ts';
import type { Actor, OperatorActor } from '../../context.ts';
import { getMe } from '../accounts/get-me.ts';
import { endSession } from '../sessions/end.ts';
import { reportConnected } from '../sessions/report-connected.ts';
import { createToken } from '../tokens/create.ts';
import { createAccessKey } from './create.ts';
import type { CreateAccessKeyInput } from './create.ts';
import { disableAccessKey } from './disable.ts';
import { enableAccessKey } from './enable.ts';
import { getAccessKey } from './get.ts';
import { listAccessKeys } from './list.ts';
import { revokeAccessKey } from './revoke.ts';
import { rotateAccessKey } from './rotate.ts';
import { updateAccessKey } from './update.ts';

const OWNER: OperatorActor = { ...OPERATOR, id: 'user-owner', role: 'owner' };
const DEVELOPER: OperatorActor = { ...OPERATOR, id: 'user-dev', role: 'developer' };
const VIEWER: OperatorActor = { ...OPERATOR, id: 'user-view', role: 'viewer' };
const INPUT: CreateAccessKeyInput = { name: 'Backend', environment: 'live', scopes: ['tokens:mint'] };

const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi();
    await use(api);
  },
});

async function create(api: TestApi, input: Partial<CreateAccessKeyInput> = {}, actor: Actor = OPERATOR) {
  return await createAccessKey(api.as(actor), { ...INPUT, ...input });
}

async function readAudit(api: TestApi) {
  return await api.database.read('select action, actor_id, target, details from audit_entries order by seq');
}

test('a new key is told once and stored as a hash alone', async ({ api, expect }) => {
  const { key, secret } = await create(api, { scopes: ['tokens:mint', 'turn:issue'] });
  expect(key).toMatchObject({
    name: 'Backend',
    environment: 'live',
    prefix: 'eph_live_',
    lastFour: secret.slice(-4),
    state: 'active',
    scopes: ['tokens:mint', 'turn:issue'],
    allowedModels: null,
    openSessions: 0,
    budget: null,
    lastUsedAt: null,
  });
  const tables = await api.database.read("select name from sqlite_master where type = 'table'");
  for (const { name } of tables) {
    const rows = await api.database.read(`select * from "${String(name)}"`);
    expect(JSON.stringify(rows)).not.toContain(secret.slice(9, 30));
  }
  const listed = await listAccessKeys(api.as(VIEWER));
  expect(listed.items).toEqual([key]);
  expect(JSON.stringify(listed)).not.toContain(secret.slice(9, 30));
  expect(listed.models).toContain('gpt-realtime-2.1');
  expect(listed.models).not.toContain('gpt-4o-realtime-preview');
  expect(listed.scopes.map(({ id }) => id)).toContain('tokens:mint-for');
});

test('every change is audited in its own words, with who did it', async ({ api, expect }) => {
  const { key } = await create(api);
  const { id } = key;
  await updateAccessKey(api.as(OWNER), { id, name: 'Web', allowedModels: ['gpt-realtime-2.1'] });
  await disableAccessKey(api.as(OPERATOR), { id });
  await enableAccessKey(api.as(OPERATOR), { id });
  const { old } = await rotateAccessKey(api.as(DEVELOPER), { id, graceSeconds: 60 });
  await revokeAccessKey(api.as(OPERATOR), { id, confirmName: 'Web' });
  expect(await readAudit(api)).toMatchObject([
    { action: 'access_key.create', actor_id: OPERATOR.id, target: id },
    { action: 'access_key.update', actor_id: OWNER.id, details: '{"changed":["name","allowedModels"]}' },
    { action: 'access_key.disable' },
    { action: 'access_key.enable' },
    {
      action: 'access_key.rotate',
      actor_id: DEVELOPER.id,
      target: id,
      details: JSON.stringify({ formerId: old.id, graceSeconds: 60 }),
    },
    { action: 'access_key.revoke' },
  ]);
});

test('a rotation keeps the id; the former secret has a row of its own', async ({ api, expect }) => {
  const { key: made, secret } = await create(api, { maxOpenSessions: 3 });
  api.clock.advance(1_000);
  const rotated = await rotateAccessKey(api.as(OPERATOR), { id: made.id, graceSeconds: 600 });
  expect(rotated.key).toMatchObject({ id: made.id, state: 'active', lastFour: rotated.secret.slice(-4) });
  expect(rotated.key.createdAt).not.toBe(made.createdAt);
  expect(rotated.old).toMatchObject({
    name: 'Backend',
    state: 'grace',
    replacedBy: made.id,
    lastFour: secret.slice(-4),
    createdAt: made.createdAt,
    maxOpenSessions: 3,
    graceUntil: new Date(api.clock.now() + 600_000).toISOString(),
  });
  await expect(
    rotateAccessKey(api.as(OPERATOR), { id: rotated.old.id, graceSeconds: 0 }),
  ).rejects.toMatchObject({
    code: 'conflict',
  });
  api.clock.advance(600_000);
  expect((await getAccessKey(api.as(OPERATOR), { id: rotated.old.id })).key.state).toBe('replaced');
});

test('open sessions and the budget stand beside a key, and stay with it over a rotation', async ({
  api,
  expect,
}) => {
  const { key } = await create(api);
  const nowMs = api.clock.now();
  await api.database.orm.insert(budgets).values({
    scope: 'access_key',
    subject: key.id,
    limitMicroUsd: 5_000_000,
    period: 'daily',
    timeZone: 'UTC',
    updatedAt: new Date(nowMs),
    updatedBy: OPERATOR.id,
  });
  await api.database.orm.insert(allowances).values({
    kind: 'access_key',
    subject: key.id,
    windowStart: new Date(nowMs),
    windowCount: 1,
    openSessions: 2,
    periodStart: new Date(nowMs),
    spentMicroUsd: 1_500_000,
    reservedMicroUsd: 500_000,
    firstSeenAt: new Date(nowMs),
    lastSeenAt: new Date(nowMs),
  });
  const rotated = await rotateAccessKey(api.as(OPERATOR), { id: key.id, graceSeconds: 60 });
  expect(rotated.key).toMatchObject({
    openSessions: 2,
    budget: {
      limitMicroUsd: 5_000_000,
      spentMicroUsd: 1_500_000,
      reservedMicroUsd: 500_000,
      leftMicroUsd: 3_000_000,
      period: 'daily',
      resetsAt: expect.stringMatching(/T00:00:00\.000Z$/),
    },
  });
  expect(rotated.old).toMatchObject({ openSessions: 0, budget: null });
});

test('a key has open what its cap counts, an ended session whose secret still works among them', async ({
  api,
  expect,
}) => {
  const { key, secret } = await create(api, {
    scopes: ['tokens:mint', 'me:read', 'sessions:report'],
    maxOpenSessions: 3,
  });
  const { clock, logger, accessKeySecrets } = api.dependencies;
  const { database } = api;
  const find = createAccessKeyFinder({
    database,
    clock,
    logger,
    hash: accessKeySecrets.hash,
    acceptsTestKeys: true,
  });
  const ctx = api.as(await find(secret, { origin: null, ipPrefix: null }));
  const ids = [await createToken(ctx, {}), await createToken(ctx, {}), await createToken(ctx, {})];
  const [unused, used] = ids.map(({ sessionId }) => sessionId);
  const end = async (sessionId = '') =>
    await endSession(ctx, { sessionId, duration: 0, messageCount: 0, endedBy: 'user' });
  const counted = async () => {
    const listed = (await listAccessKeys(api.as(VIEWER))).items.find(({ id }) => id === key.id);
    return [listed?.openSessions, (await getMe(ctx)).limits.openSessions];
  };

  await end(unused);
  expect(await counted()).toEqual([3, 3]);
  await expect(createToken(ctx, {})).rejects.toMatchObject({ code: 'session_limit' });
  await reportConnected(ctx, { sessionId: used ?? '', transport: 'webrtc' });
  await end(used);
  expect(await counted()).toEqual([2, 2]);
  await createToken(ctx, {});
});

test('of rotations at once one happens', async ({ api, expect }) => {
  const { key } = await create(api);
  const settled = await Promise.allSettled(
    Array.from({ length: 5 }, () => rotateAccessKey(api.as(OPERATOR), { id: key.id, graceSeconds: 60 })),
  );
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await listAccessKeys(api.as(OPERATOR))).items).toHaveLength(2);
  const audit = await readAudit(api);
  expect(audit.filter(({ action }) => action === 'access_key.rotate')).toHaveLength(1);
});

test('of two updates at once none takes the other one back', async ({ api, expect }) => {
  const { key } = await create(api);
  await Promise.all([
    updateAccessKey(api.as(OPERATOR), { id: key.id, maxTtlSeconds: 60 }),
    updateAccessKey(api.as(OPERATOR), { id: key.id, maxOpenSessions: 2 }),
  ]);
  expect((await getAccessKey(api.as(OPERATOR), { id: key.id })).key).toMatchObject({
    maxTtlSeconds: 60,
    maxOpenSessions: 2,
  });
  const { key: freed } = await updateAccessKey(api.as(OPERATOR), { id: key.id, maxTtlSeconds: null });
  expect(freed).toMatchObject({ maxTtlSeconds: null, maxOpenSessions: 2 });
});

test('nothing brings a revoked key back', async ({ api, expect }) => {
  const { key } = await create(api);
  const { id } = key;
  await expect(revokeAccessKey(api.as(OPERATOR), { id, confirmName: 'other' })).rejects.toMatchObject({
    code: 'invalid_request',
    details: { param: 'confirmName' },
  });
  await revokeAccessKey(api.as(OPERATOR), { id, confirmName: 'Backend' });
  for (const call of [
    () => enableAccessKey(api.as(OPERATOR), { id }),
    () => disableAccessKey(api.as(OPERATOR), { id }),
    () => updateAccessKey(api.as(OPERATOR), { id, expiresAt: null }),
    () => rotateAccessKey(api.as(OPERATOR), { id, graceSeconds: 0 }),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: 'conflict' });
  }
  expect((await getAccessKey(api.as(OPERATOR), { id })).key.state).toBe('revoked');
});

for (const { name, input, param } of [
  { name: 'an unknown model', input: { allowedModels: ['gpt-nobody'] }, param: 'allowedModels' },
  { name: 'an origin with a path', input: { allowedOrigins: ['https://a.test/x'] }, param: 'allowedOrigins' },
  { name: 'an origin without https', input: { allowedOrigins: ['http://a.test'] }, param: 'allowedOrigins' },
  { name: 'any origin', input: { allowedOrigins: ['*'] }, param: 'allowedOrigins' },
  { name: 'a past expiry', input: { expiresAt: new Date(0) }, param: 'expiresAt' },
  {
    name: 'a key as its name',
    input: { name: 'eph_live_0123456789abcdef0123456789' },
    param: 'name',
  },
]) {
  test(`${name} is refused, at creation and later`, async ({ api, expect }) => {
    const refusal = { code: 'invalid_request', details: { param } };
    await expect(create(api, input)).rejects.toMatchObject(refusal);
    const { key } = await create(api);
    await expect(updateAccessKey(api.as(OPERATOR), { id: key.id, ...input })).rejects.toMatchObject(refusal);
  });
}

test('only who may mint for others gives that away, also by a new secret', async ({ api, expect }) => {
  const scopes = ['tokens:mint', 'tokens:mint-for'] as const;
  for (const actor of [OPERATOR, DEVELOPER]) {
    await expect(create(api, { scopes }, actor)).rejects.toMatchObject({ code: 'forbidden' });
  }
  const { key } = await create(api, { scopes }, OWNER);
  const { id } = key;
  await expect(rotateAccessKey(api.as(DEVELOPER), { id, graceSeconds: 0 })).rejects.toMatchObject({
    code: 'forbidden',
  });
  expect((await updateAccessKey(api.as(DEVELOPER), { id, name: 'Renamed' })).key.scopes).toEqual([...scopes]);
});

const VERBS: readonly { name: string; call: (api: TestApi, actor: Actor) => Promise<unknown> }[] = [
  { name: 'create', call: (api, actor) => create(api, {}, actor) },
  { name: 'update', call: (api, actor) => updateAccessKey(api.as(actor), { id: 'key_x', name: 'x' }) },
  { name: 'rotate', call: (api, actor) => rotateAccessKey(api.as(actor), { id: 'key_x', graceSeconds: 0 }) },
  { name: 'disable', call: (api, actor) => disableAccessKey(api.as(actor), { id: 'key_x' }) },
  { name: 'enable', call: (api, actor) => enableAccessKey(api.as(actor), { id: 'key_x' }) },
  { name: 'revoke', call: (api, actor) => revokeAccessKey(api.as(actor), { id: 'key_x', confirmName: '' }) },
];

test('who may not write changes nothing, and an unknown key is not found', async ({ api, expect }) => {
  for (const { call, name } of VERBS) {
    for (const actor of [ADA, VIEWER, SERVICE]) {
      await expect(call(api, actor), name).rejects.toMatchObject({ code: 'forbidden' });
    }
    await expect(call(api, NOBODY), name).rejects.toMatchObject({ code: 'unauthenticated' });
    if (name !== 'create')
      await expect(call(api, OPERATOR), name).rejects.toMatchObject({ code: 'not_found' });
  }
  await expect(listAccessKeys(api.as(ADA))).rejects.toMatchObject({ code: 'forbidden' });
  await expect(getAccessKey(api.as(ADA), { id: 'key_x' })).rejects.toMatchObject({ code: 'forbidden' });
  expect(await readAudit(api)).toEqual([]);
});
