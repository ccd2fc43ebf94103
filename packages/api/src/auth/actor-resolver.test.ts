import { createHmac } from 'node:crypto';

import { createTestDatabase } from '@ephemera/db/testing';
import type { TestDatabase } from '@ephemera/db/testing';
import { exportSPKI } from 'jose';
import { test } from 'vitest';

import { createTestClock, START_MS } from '../../test/fixtures.ts';
import type { Issuer } from '../../test/tokens.ts';
import {
  AUDIENCE,
  createIssuer,
  encodePart,
  ISSUER,
  replaceHeader,
  storeKey,
  storeUser,
} from '../../test/tokens.ts';
import type { ActorResolverOptions } from './actor-resolver.ts';
import { createActorResolver } from './actor-resolver.ts';

const NOW = START_MS / 1_000;
const UNAUTHENTICATED = { code: 'unauthenticated', httpStatus: 401 };

async function setUp(database: TestDatabase, options: Partial<ActorResolverOptions> = {}) {
  const clock = createTestClock();
  const ours = await createIssuer(ISSUER, 'key-1');
  await storeKey(database, ours);
  await storeUser(database, 'user-ada');
  let reads = 0;
  const resolver = createActorResolver({
    database: {
      ...database,
      // Each access to the query builder is one question to the database.
      get orm() {
        reads += 1;
        return database.orm;
      },
      read: (sql, args) => {
        reads += 1;
        return database.read(sql, args);
      },
    },
    clock,
    issuer: ISSUER,
    audience: AUDIENCE,
    ...options,
  });
  return { clock, ours, resolver, countReads: () => reads };
}

test('a good token names its user; no header is nobody', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, resolver } = await setUp(database);
  const token = await ours.sign();
  const ada = { kind: 'user', id: 'user-ada', name: 'user-ada', email: 'user-ada@demo.test' };
  for (const typ of ['JWT', 'at+jwt']) {
    expect(await resolver.fromHeader(`Bearer ${await ours.sign({}, { typ })}`)).toEqual(ada);
  }
  expect(await resolver.fromHeader(`Bearer ${token}`)).toEqual(ada);
  expect(await resolver.fromToken(token)).toEqual(ada);
  expect(await resolver.fromHeader(null)).toEqual({ kind: 'anonymous' });
});

async function forge(ours: Issuer): Promise<Record<string, string>> {
  const good = await ours.sign();
  const [head = '', body = '', signature = ''] = good.split('.');
  const attacker = await createIssuer(ISSUER, ours.kid);
  const hmac = (secret: string): string => {
    const input = `${encodePart({ alg: 'HS256', kid: ours.kid })}.${body}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };
  return {
    'alg none': replaceHeader(good, { alg: 'none', kid: ours.kid }),
    'alg None': replaceHeader(good, { alg: 'None', kid: ours.kid }),
    'alg nOnE without signature': `${encodePart({ alg: 'nOnE', kid: ours.kid })}.${body}.`,
    'an empty signature': `${head}.${body}.`,
    'our public key as PEM for HS256': hmac(await exportSPKI(ours.publicKey)),
    'our public key as JWK for HS256': hmac(JSON.stringify(ours.publicJwk)),
    'another key': await attacker.sign(),
    'another key in jwk': await attacker.sign({}, { jwk: attacker.publicJwk }),
    'another key by jku': await attacker.sign({}, { jku: 'https://evil.test/jwks' }),
    'another key by x5u': await attacker.sign({}, { x5u: 'https://evil.test/cert' }),
    'another key by x5c': await attacker.sign({}, { x5c: ['MIIB'] }),
    'a kid with a path': await ours.sign({}, { kid: '../../dev/null' }),
    'a kid with SQL': await ours.sign({}, { kid: "' OR 1=1--" }),
    'an unknown kid': await ours.sign({}, { kid: 'key-2' }),
    'no kid': await ours.sign({}, { kid: undefined }),
    'another typ': await ours.sign({}, { typ: 'refresh+jwt' }),
    'a typ that is no text': replaceHeader(good, { alg: 'ES256', kid: ours.kid, typ: 7 }),
    'a crit header': await ours
      .sign({}, { crit: ['x'], x: 1 })
      .catch(() => replaceHeader(good, { alg: 'ES256', kid: ours.kid, crit: ['x'], x: 1 })),
    'alg twice': replaceHeader(good, `{"alg":"ES256","alg":"ES256","kid":"${ours.kid}"}`),
    'alg in disguise': replaceHeader(good, `{"\\u0061lg":"none","alg":"ES256","kid":"${ours.kid}"}`),
    'five parts': `${good}.aaaa.bbbb`,
    'two parts': `${head}.${body}`,
    'a nested token': `${head}.${encodePart(good)}.${signature}`,
    'no token': 'ek_68af296e8e408191a1120ab6383263c2',
    'a token beyond 8 KiB': await ours.sign({ padding: 'x'.repeat(8_192) }),
    'an expiry past by more than the tolerance': await ours.sign({ exp: NOW - 31 }),
    'a start in the future': await ours.sign({ nbf: NOW + 31 }),
    'an issue in the future': await ours.sign({ iat: NOW + 31 }),
    'no expiry': await ours.sign({ exp: undefined }),
    'an expiry as text': await ours.sign({ exp: String(NOW + 600) }),
    'an expiry of null': await ours.sign({ exp: null }),
    'an expiry as a list': await ours.sign({ exp: [NOW + 600] }),
    'a negative expiry': await ours.sign({ exp: -1 }),
    'another issuer': await ours.sign({ iss: 'https://evil.test' }),
    'no issuer': await ours.sign({ iss: undefined }),
    'another audience': await ours.sign({ aud: 'someone-else' }),
    'audiences without us': await ours.sign({ aud: ['a', 'b'] }),
    'no audience': await ours.sign({ aud: undefined }),
    'no subject': await ours.sign({ sub: undefined }),
    'an empty subject': await ours.sign({ sub: '' }),
    'a subject that is no text': await ours.sign({ sub: 7 }),
    'a subject of control characters': await ours.sign({ sub: 'a\r\nb' }),
    'a user who is gone': await ours.sign({ sub: 'user-gone' }),
  };
}

test('no forged, stale or misdirected token is anybody', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, resolver } = await setUp(database);
  for (const [name, token] of Object.entries(await forge(ours))) {
    await expect(resolver.fromHeader(`Bearer ${token}`), name).rejects.toMatchObject({ httpStatus: 401 });
    await expect(resolver.fromToken(token), name).rejects.toMatchObject({ httpStatus: 401 });
  }
  expect(await resolver.fromToken(await ours.sign())).toMatchObject({ id: 'user-ada' });
});

test('claims that JSON can write and a number cannot hold are refused', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, resolver } = await setUp(database);
  const write = (exp: string): Promise<string> =>
    ours.signText(`{"iss":"${ISSUER}","aud":"${AUDIENCE}","sub":"user-ada","exp":${exp}}`);
  expect(await resolver.fromToken(await write(String(NOW + 60)))).toMatchObject({ id: 'user-ada' });
  for (const exp of ['1e400', '-1e400', '[]', '{}', 'true', '"1e9"']) {
    await expect(resolver.fromToken(await write(exp)), exp).rejects.toMatchObject({ httpStatus: 401 });
  }
  await expect(resolver.fromToken(await ours.signText('not json'))).rejects.toMatchObject(UNAUTHENTICATED);
});

test('each flipped byte of a signature spoils it', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, resolver } = await setUp(database);
  const [head = '', body = '', signature = ''] = (await ours.sign()).split('.');
  const bytes = Buffer.from(signature, 'base64url');
  expect(bytes).toHaveLength(64);
  for (let index = 0; index < bytes.length; index += 1) {
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(index) ^ 1, index);
    const token = `${head}.${body}.${flipped.toString('base64url')}`;
    await expect(resolver.fromToken(token), `byte ${index}`).rejects.toMatchObject(UNAUTHENTICATED);
  }
});

test('only a single Bearer token counts', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, resolver } = await setUp(database);
  const token = await ours.sign();
  for (const header of [
    '',
    token,
    `Basic ${token}`,
    `Token ${token}`,
    `Bearer  ${token}`,
    `Bearer ${token}, Bearer ${token}`,
    `Bearer ${token} ${token}`,
    `Bearer ${token}\u00A0`,
    'Bearer',
    'Bearer null',
  ]) {
    await expect(resolver.fromHeader(header), header.slice(0, 12)).rejects.toMatchObject(UNAUTHENTICATED);
  }
});

test('shape is checked before the database or any key is asked', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, resolver, countReads } = await setUp(database);
  const good = await ours.sign();
  for (const token of [
    'x'.repeat(100_000),
    replaceHeader(good, { alg: 'HS256', kid: 'key-1' }),
    await ours.sign({ iss: 'https://evil.test' }),
    `${good}.a.b`,
  ]) {
    await expect(resolver.fromToken(token)).rejects.toMatchObject(UNAUTHENTICATED);
  }
  expect(countReads()).toBe(0);
});

test('an expired token says so', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, resolver } = await setUp(database);
  const expired = await ours.sign({ exp: NOW - 60 });
  await expect(resolver.fromToken(expired)).rejects.toMatchObject({ code: 'token_expired', httpStatus: 401 });
  expect(await resolver.fromToken(await ours.sign({ exp: NOW - 29 }))).toMatchObject({ id: 'user-ada' });
});

test('a verified token is remembered for a minute, and not past its expiry', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { clock, ours, resolver, countReads } = await setUp(database);
  const [long, short] = [await ours.sign(), await ours.sign({ exp: NOW + 20 })];
  for (let again = 0; again < 5; again += 1) await resolver.fromToken(long);
  expect(countReads()).toBe(2); // the keys and the user
  await resolver.fromToken(short);
  clock.advance(59_000);
  await resolver.fromToken(long);
  expect(countReads()).toBe(3);
  await expect(resolver.fromToken(short)).rejects.toMatchObject({ code: 'token_expired' });
  clock.advance(1_000);
  await database.write({ sql: "delete from users where id = 'user-ada'", args: [] });
  await expect(resolver.fromToken(long)).rejects.toMatchObject(UNAUTHENTICATED);
});

test('tokens that begin alike are never taken for one another', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, resolver } = await setUp(database);
  await storeUser(database, 'user-bob');
  const padding = 'x'.repeat(300);
  const [ada, bob] = [
    await ours.sign({ iss: ISSUER, padding }),
    await ours.sign({ iss: ISSUER, padding, sub: 'user-bob' }),
  ];
  expect(ada.slice(0, 100)).toBe(bob.slice(0, 100));
  expect([await resolver.fromToken(ada), await resolver.fromToken(bob)]).toMatchObject([
    { id: 'user-ada' },
    { id: 'user-bob' },
  ]);
  const [head = '', body = ''] = ada.split('.');
  await expect(resolver.fromToken(`${head}.${body}.${bob.split('.')[2]}`)).rejects.toMatchObject(
    UNAUTHENTICATED,
  );
});

test('the role is the one of the account, whatever the token claims, and follows it within a minute', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  const { clock, ours, resolver } = await setUp(database);
  const token = await ours.sign({ role: 'operator' });
  expect(await resolver.fromToken(token)).toMatchObject({ kind: 'user' });
  await database.write({ sql: "update users set role = 'operator'", args: [] });
  clock.advance(60_000);
  expect(await resolver.fromToken(token)).toMatchObject({ kind: 'operator', role: 'operator' });
});

test('a new key is found, at most one search in thirty seconds; a removed one stops counting', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  const { clock, ours, resolver, countReads } = await setUp(database);
  await resolver.fromToken(await ours.sign());
  const next = await createIssuer(ISSUER, 'key-2');
  const token = await next.sign();
  const before = countReads();
  for (let again = 0; again < 5; again += 1)
    await expect(resolver.fromToken(token)).rejects.toMatchObject(UNAUTHENTICATED);
  expect(countReads()).toBe(before);
  await storeKey(database, next);
  clock.advance(30_000);
  expect(await resolver.fromToken(token)).toMatchObject({ id: 'user-ada' });
  await database.write({ sql: "delete from jwks where id = 'key-1'", args: [] });
  clock.advance(60_000);
  await expect(resolver.fromToken(await ours.sign())).rejects.toMatchObject(UNAUTHENTICATED);
});

test('a database that is away is an outage, not a bad token', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, resolver } = await setUp(database);
  await database.write({ sql: 'drop table jwks', args: [] });
  await expect(resolver.fromToken(await ours.sign())).rejects.toMatchObject({
    code: 'unavailable',
    httpStatus: 503,
  });
});
