import { createPublicKey, verify as verifySignature } from 'node:crypto';

import { test as base } from 'vitest';

import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, createTestApi, NOBODY, OPERATOR, SERVICE, START_MS } from '../../../test/fixtures.ts';
import { createChainVerifier } from '../../audit/chain-verifier.ts';
import { formatCheckpoint } from '../../audit/checkpoint-signer.ts';
import type { AuditEntry } from '../../audit/record.ts';
import { auditStatement } from '../../audit/record.ts';
import type { Actor } from '../../context.ts';
import { createCheckpoint } from './checkpoint.ts';
import { exportAudit } from './export.ts';
import { listAudit } from './list.ts';
import { getAuditStatus } from './status.ts';

const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi();
    await use(api);
  },
});

const READ: AuditEntry = { action: 'provider_key.read', target: null, result: 'ok' };

async function record(api: TestApi, entry: Partial<AuditEntry> = {}, actor: Actor = SERVICE): Promise<void> {
  await api.database.write(auditStatement(api.as(actor), { ...READ, ...entry }));
}

async function run(api: TestApi, sql: string): Promise<void> {
  await api.database.write({ sql, args: [] });
}

async function unguard(api: TestApi): Promise<void> {
  for (const name of ['no_update', 'no_delete']) await run(api, `drop trigger audit_entries_${name}`);
}

const seqs = ({ items }: { items: { seq: number }[] }): number[] => items.map(({ seq }) => seq);

function hour(hours: number): string {
  return new Date(START_MS + hours * 3_600_000).toISOString();
}

for (const actor of [ADA, NOBODY, SERVICE]) {
  test(`${actor.kind} sees nothing of the audit`, async ({ api, expect }) => {
    const ctx = api.as(actor);
    for (const call of [
      listAudit(ctx, {}),
      getAuditStatus(ctx),
      createCheckpoint(ctx),
      exportAudit(ctx, { afterSeq: 0 }),
    ])
      await expect(call).rejects.toMatchObject({
        code: actor.kind === 'anonymous' ? 'unauthenticated' : 'forbidden',
      });
  });
}

test('the list is filtered, the newest first, page by page', async ({ api, expect }) => {
  for (let round = 0; round < 4; round += 1) {
    await record(api);
    await record(api, { action: 'user.block', target: 'user-ada' }, OPERATOR);
    await record(api, { action: 'token.mint', result: 'denied', details: { code: 'rate_limited' } }, ADA);
    api.clock.advance(3_600_000);
  }
  const ctx = api.as(OPERATOR);
  const list = async (input: Parameters<typeof listAudit>[1]) => seqs(await listAudit(ctx, input));

  expect(await list({})).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(await list({ actor: 'crawler' })).toEqual([10, 7, 4, 1]);
  expect(await list({ target: 'user-ada', from: hour(2) })).toEqual([11, 8]);
  expect(await list({ action: 'token.mint', to: hour(2) })).toEqual([6, 3]);
  expect(await list({ result: 'denied', actor: 'user-ada', from: hour(1), to: hour(2) })).toEqual([6]);
  expect(await list({ result: 'ok', action: 'token.mint' })).toEqual([]);
  expect(await list({ from: hour(100) })).toEqual([]);
  expect(await list({ to: hour(-100) })).toEqual([]);

  const first = await listAudit(ctx, { limit: 3, result: 'ok' });
  const second = await listAudit(ctx, { limit: 3, result: 'ok', cursor: first.nextCursor ?? '' });
  expect([seqs(first), seqs(second)]).toEqual([
    [11, 10, 8],
    [7, 5, 4],
  ]);
  expect(
    (await listAudit(ctx, { limit: 3, result: 'ok', cursor: second.nextCursor ?? '' })).nextCursor,
  ).toBeNull();
});

test('an entry tells who, what, when, from where and with which outcome', async ({ api, expect }) => {
  await run(
    api,
    `insert into users (id, name, email, email_verified, created_at, updated_at, role)
      values ('user-op', 'Olivia', 'op@demo.test', 1, 0, 0, 'operator')`,
  );
  const ctx = { ...api.as(OPERATOR, 'req_7'), ipPrefix: '192.0.2.0/24' };
  await api.database.write(
    auditStatement(ctx, { action: 'user.block', target: 'u', result: 'ok', details: { reason: 'abuse' } }),
  );

  expect((await listAudit(ctx, {})).items).toEqual([
    {
      seq: 1,
      id: expect.stringMatching(/^aud_/),
      at: new Date(START_MS).toISOString(),
      actorKind: 'operator',
      actorId: 'user-op',
      actorName: 'Olivia',
      action: 'user.block',
      target: 'u',
      result: 'ok',
      requestId: 'req_7',
      ipPrefix: '192.0.2.0/24',
      details: { reason: 'abuse' },
      hash: expect.stringMatching(/^[\da-f]{64}$/),
    },
  ]);
});

test('security 65: a cursor that is none of ours is refused', async ({ api, expect }) => {
  for (const cursor of ['x', btoa('before.'), btoa('before.-1'), btoa('before.1 or 1=1'), btoa('after.1')])
    await expect(listAudit(api.as(OPERATOR), { cursor })).rejects.toMatchObject({ code: 'invalid_request' });
});

test(
  'a page looks at a bounded number of entries, and goes on from there',
  { timeout: 60_000 },
  async ({ api, expect }) => {
    await record(api, { action: 'user.block', target: 'rare' });
    const many = Array.from({ length: 5_200 }, () => auditStatement(api.as(SERVICE), READ));
    for (let at = 0; at < many.length; at += 400) await api.database.writeAll(many.slice(at, at + 400));
    const ctx = api.as(OPERATOR);

    const first = await listAudit(ctx, { from: new Date(0).toISOString(), to: new Date(0).toISOString() });
    expect(first).toEqual({ items: [], nextCursor: null });
    const rare = { actor: 'crawler', action: 'user.block' };
    const second = await listAudit(ctx, rare);
    expect(second.items).toEqual([]);
    const third = await listAudit(ctx, { ...rare, cursor: second.nextCursor ?? '' });
    expect(seqs(third)).toEqual([1]);
    expect(third.nextCursor).toBeNull();
  },
);

test('the status follows the chain a piece a call, and goes on where it was', async ({ api, expect }) => {
  for (let index = 0; index < 25; index += 1) await record(api);
  const verifier = createChainVerifier(api.database, { newACall: 10, oldACall: 10 });
  const ctx = { ...api.as(OPERATOR), auditVerifier: verifier };

  expect(await getAuditStatus(ctx)).toMatchObject({ total: 25, verifiedTo: 10, firstBroken: null });
  expect(await getAuditStatus(ctx)).toMatchObject({ verifiedTo: 20 });
  const whole = await getAuditStatus(ctx);
  expect(whole).toMatchObject({ chained: 25, verifiedTo: 25, head: { seq: 25 } });
  expect(whole.checkedAt).toBe(new Date(START_MS).toISOString());
  await record(api);
  expect(await getAuditStatus(ctx)).toMatchObject({ verifiedTo: 26, firstBroken: null });
});

test('what is changed behind its back is found by the calls after that, and stays found', async ({
  api,
  expect,
}) => {
  for (let index = 0; index < 25; index += 1) await record(api);
  const verifier = createChainVerifier(api.database, { newACall: 100, oldACall: 10 });
  const ctx = { ...api.as(OPERATOR), auditVerifier: verifier };
  expect(await getAuditStatus(ctx)).toMatchObject({ verifiedTo: 25, firstBroken: null });
  await unguard(api);
  await run(api, "update audit_entries set action = 'user.unblock' where seq = 17");

  const broken = { verifiedTo: 16, firstBroken: { seq: 17, reason: 'hash_mismatch' } };
  for (let call = 0; call < 3; call += 1) expect(await getAuditStatus(ctx)).toMatchObject(broken);
  await run(api, "update audit_entries set action = 'provider_key.read' where seq = 17");
  expect(await getAuditStatus(ctx)).toMatchObject({ verifiedTo: 25, firstBroken: null });
});

test('a cut tail is known to who saw it, even where the database forgot', async ({ api, expect }) => {
  for (let index = 0; index < 5; index += 1) await record(api);
  const ctx = api.as(OPERATOR);
  expect(await getAuditStatus(ctx)).toMatchObject({ verifiedTo: 5 });
  await unguard(api);
  await run(api, 'delete from audit_entries where seq > 3');
  const cut = { verifiedTo: 3, firstBroken: { seq: 4, id: null, reason: 'tail_missing' } };
  expect(await getAuditStatus(ctx)).toMatchObject(cut);
  await run(api, "update sqlite_sequence set seq = 3 where name = 'audit_entries'");
  expect(await getAuditStatus(ctx)).toMatchObject(cut);
});

test('an empty audit has nothing to verify and nothing to sign', async ({ api, expect }) => {
  expect(await getAuditStatus(api.as(OPERATOR))).toMatchObject({ total: 0, verifiedTo: null, head: null });
  await expect(createCheckpoint(api.as(OPERATOR))).rejects.toMatchObject({ code: 'not_found' });
});

test('a checkpoint can be checked by a stranger who has the public key, and says what the chain says', async ({
  api,
  expect,
}) => {
  await record(api);
  await record(api);
  const checkpoint = await createCheckpoint(api.as(OPERATOR));
  const [, last] = (await exportAudit(api.as(OPERATOR), { afterSeq: 0 })).entries;

  expect(checkpoint).toMatchObject({ seq: 2, hash: last?.hash, at: new Date(START_MS).toISOString() });
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: checkpoint.publicKey };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signature = Buffer.from(checkpoint.signature, 'base64url');
  expect(verifySignature(null, Buffer.from(formatCheckpoint(checkpoint)), key, signature)).toBe(true);
  const forged = formatCheckpoint({ ...checkpoint, seq: 1 });
  expect(verifySignature(null, Buffer.from(forged), key, signature)).toBe(false);
  expect((await createCheckpoint(api.as(OPERATOR))).publicKey).toBe(checkpoint.publicKey);
});

test('the export gives the entries as they are hashed, page by page', async ({ api, expect }) => {
  for (let index = 0; index < 5; index += 1) await record(api, { details: { index } });
  const ctx = api.as(OPERATOR);
  const first = await exportAudit(ctx, { afterSeq: 0, limit: 3 });
  const second = await exportAudit(ctx, { afterSeq: first.nextSeq ?? 0, limit: 3 });

  expect(first).toMatchObject({ nextSeq: 3, entries: [{ seq: 1, details: '{"index":0}' }, {}, {}] });
  expect(second).toMatchObject({ nextSeq: null, entries: [{ seq: 4 }, { seq: 5, at: START_MS }] });
});

test('no audit, no action: where the entry cannot be written, what it tells about is not done', async ({
  api,
  expect,
}) => {
  await run(api, 'alter table audit_entries rename to audit_elsewhere');
  const set = {
    sql: `insert into settings (name, value, updated_at, updated_by) values ('x', '1', 0, 'x')`,
    args: [],
  };

  await expect(
    api.database.writeAll([set, auditStatement(api.as(OPERATOR), { ...READ, isConditional: true })]),
  ).rejects.toThrow();

  expect(await api.database.read('select * from settings')).toEqual([]);
});

test('an entry written twice under one id is refused', async ({ api, expect }) => {
  const statement = auditStatement(api.as(OPERATOR), READ);
  await api.database.write(statement);
  await expect(api.database.write(statement)).rejects.toThrow(/append-only/);
});
