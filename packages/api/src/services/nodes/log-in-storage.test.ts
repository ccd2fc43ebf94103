// What a log-in stores: in which order it lies, and that no statement has to look for it.
import type { SqlValue, Statement } from '@ephemera/db';
import { constants, createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { createTestApi, NOBODY } from '../../../test/fixtures.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { refreshNodeTokens } from './refresh.ts';
import { registerNode } from './register.ts';
import { requestChallenge } from './request-challenge.ts';
import { verifyChallenge } from './verify-challenge.ts';

const ID = 'stored-1';
const KEYS = generateKeyPairSync('rsa', { modulusLength: 2_048 });

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
  const publicKey = KEYS.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await registerNode(
    api.as(NOBODY),
    {
      id: ID,
      name: 'Stored',
      type: 'worker',
      capabilities: [],
      publicKey,
      endpoint: 'https://stored.test',
      metadata: {},
    },
    null,
  );
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function logIn(): Promise<string> {
  const ctx = api.as(NOBODY);
  const { challenge } = await requestChallenge(ctx, { nodeId: ID });
  const signature = sign('sha256', Buffer.from(challenge), {
    key: KEYS.privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN,
  }).toString('hex');
  return (await verifyChallenge(ctx, { nodeId: ID, challenge, signature })).refreshToken;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

test('refresh tokens lie in the order in which they were made, each under the hash of all of it', async () => {
  const tokens: string[] = [];
  for (let made = 0; made < 20; made += 1) {
    tokens.push(await logIn());
    api.clock.advance(1_000);
  }
  const rows = await api.database.read('select hash from node_refresh_tokens order by rowid');
  const hashes = rows.map((row) => String(row['hash']));
  expect(hashes).toEqual(hashes.toSorted());
  expect(hashes.map((hash) => hash.slice(12))).toEqual(tokens.map(hashOf));
  expect(new Set(tokens.map((token) => token.slice(-43))).size).toBe(20);
});

test('a token that tells another time than its own is nobody’s', async () => {
  const token = await logIn();
  const other = `enr_${token[4] === 'A' ? 'B' : 'A'}${token.slice(5)}`;
  await expect(refreshNodeTokens(api.as(NOBODY), other)).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(refreshNodeTokens(api.as(NOBODY), token)).resolves.toMatchObject({ tokenType: 'Bearer' });
});

test('a refresh token of before, which tells no time, is good for its next one', async () => {
  const token = `enr_${randomBytes(32).toString('base64url')}`;
  const nowMs = api.clock.now();
  const sql = `insert into node_refresh_tokens (hash, family_id, node_id, issued_at, expires_at) values (?1, 'f', ?2, ?3, ?4)`;
  await api.database.write({ sql, args: [hashOf(token), ID, nowMs, nowMs + 60_000] });
  const { refreshToken } = await refreshNodeTokens(api.as(NOBODY), token);
  await expect(refreshNodeTokens(api.as(NOBODY), refreshToken)).resolves.toMatchObject({
    tokenType: 'Bearer',
  });
  const rows = await api.database.read("select count(*) as n from node_refresh_tokens where family_id = 'f'");
  expect(rows).toEqual([{ n: 3 }]);
});

const isDelete = ({ sql }: { sql: string }): boolean => sql.startsWith('delete');

test('no statement of a log-in or a refresh scans a table', async () => {
  const asked: { sql: string; args: readonly SqlValue[] }[] = [];
  const { read, writeAll } = api.database;
  const spies = [
    vi.spyOn(api.database, 'read').mockImplementation((sql, args = []) => {
      asked.push({ sql, args });
      return read(sql, args);
    }),
    vi.spyOn(api.database, 'writeAll').mockImplementation((unit: readonly Statement[]) => {
      asked.push(...unit);
      return writeAll(unit);
    }),
  ];
  // One log-in in sixteen takes away what has expired, of each table.
  while (new Set(asked.filter(isDelete).map(({ sql }) => sql)).size < 2) {
    await refreshNodeTokens(api.as(NOBODY), await logIn());
    api.clock.advance(60_000);
  }
  for (const spy of spies) spy.mockRestore();
  const sqls = new Map(asked.map(({ sql, args }) => [sql, args]));
  expect(sqls.size).toBeGreaterThan(8);
  for (const [sql, args] of sqls) {
    const rows = await api.database.read(`explain query plan ${sql}`, args);
    const plan = rows.map((row) => String(row['detail']));
    const isSmall = sql.includes('from node_signing_keys');
    expect([sql, isSmall ? [] : plan.filter((line) => /^SCAN (?!CONSTANT|\d)/.test(line))]).toEqual([
      sql,
      [],
    ]);
  }
});
