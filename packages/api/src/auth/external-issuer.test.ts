import { createTestDatabase } from '@ephemera/db/testing';
import type { TestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { createTestClock } from '../../test/fixtures.ts';
import type { Issuer } from '../../test/tokens.ts';
import { AUDIENCE, createIssuer, ISSUER, replaceHeader, storeKey, storeUser } from '../../test/tokens.ts';
import { createActorResolver } from './actor-resolver.ts';

const EXTERNAL = 'https://accounts.customer.test';
const JWKS_URL = 'https://accounts.customer.test/jwks.json';

async function setUp(database: TestDatabase) {
  const [ours, theirs] = await Promise.all([
    createIssuer(ISSUER, 'key-1'),
    createIssuer(EXTERNAL, 'their-key', 'EdDSA'),
  ]);
  await storeKey(database, ours);
  await storeUser(database, 'user-ada', 'operator');
  const asked: string[] = [];
  let isDown = false;
  const resolver = createActorResolver({
    database,
    clock: createTestClock(),
    issuer: ISSUER,
    audience: AUDIENCE,
    externals: [
      {
        issuer: EXTERNAL,
        audience: AUDIENCE,
        jwksUrl: JWKS_URL,
        fetch: async (url) => {
          asked.push(url);
          if (isDown) throw new TypeError('fetch failed');
          return Response.json({ keys: [theirs.publicJwk] });
        },
      },
    ],
  });
  return { ours, theirs, resolver, asked, goDown: () => void (isDown = true) };
}

test('an external user comes under a name that no account of ours can have, and never as an operator', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  const { theirs, resolver } = await setUp(database);
  const token = await theirs.sign({
    sub: 'user-ada',
    role: 'operator',
    name: 'Ada',
    email: 'ada@customer.test',
  });
  expect(await resolver.fromToken(token)).toEqual({
    kind: 'user',
    id: 'ext:user-ada',
    name: 'Ada',
    email: 'ada@customer.test',
  });
});

test('claims of an external token that are no short texts are left out', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { theirs, resolver } = await setUp(database);
  const token = await theirs.sign({ name: { first: 'Ada' }, email: 'x'.repeat(300) });
  expect(await resolver.fromToken(token)).toEqual({ kind: 'user', id: 'ext:user-ada' });
});

test('neither issuer can sign for the other', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, theirs, resolver } = await setUp(database);
  const crossed: [Issuer, string, string][] = [
    [theirs, ISSUER, 'their-key'],
    [theirs, ISSUER, 'key-1'],
    [ours, EXTERNAL, 'key-1'],
    [ours, EXTERNAL, 'their-key'],
  ];
  for (const [issuer, iss, kid] of crossed) {
    const token = await issuer.sign({ iss }, { kid });
    await expect(resolver.fromToken(token), `${iss} ${kid}`).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  }
});

test('an issuer with a single key need not name it; ours names it always', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { ours, theirs, resolver } = await setUp(database);
  expect(await resolver.fromToken(await theirs.sign({}, { kid: undefined }))).toMatchObject({
    id: 'ext:user-ada',
  });
  for (const token of [
    await ours.sign({}, { kid: undefined }),
    await ours.sign({ iss: EXTERNAL }, { kid: undefined }),
    await theirs.sign({}, { kid: '' }),
  ]) {
    await expect(resolver.fromToken(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  }
});

test('keys come from the configured address only, once', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { theirs, resolver, asked } = await setUp(database);
  await resolver.fromToken(await theirs.sign());
  await resolver.fromToken(await theirs.sign({ sub: 'user-bob' }));
  for (const header of [{ jku: 'https://evil.test/jwks' }, { x5u: 'https://evil.test/cert' }]) {
    const token = await theirs.sign({}, header);
    expect(await resolver.fromToken(token)).toMatchObject({ id: 'ext:user-ada' });
    const unknown = replaceHeader(token, { alg: 'EdDSA', kid: 'x', ...header });
    await expect(resolver.fromToken(unknown)).rejects.toMatchObject({ code: 'unauthenticated' });
  }
  expect(asked).toEqual([JWKS_URL]);
});

test('a key server that is away is an outage, not a bad token', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { theirs, resolver, goDown } = await setUp(database);
  goDown();
  await expect(resolver.fromToken(await theirs.sign())).rejects.toMatchObject({
    code: 'unavailable',
    httpStatus: 503,
  });
});

test('two issuers with a user of the same name have two users, each with its own audience', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  const names = ['https://one.test', 'https://two.test', 'https://three.test'];
  const issuers = await Promise.all(names.map((name) => createIssuer(name, 'the-same-kid')));
  const resolver = createActorResolver({
    database,
    clock: createTestClock(),
    issuer: ISSUER,
    audience: AUDIENCE,
    externals: issuers.map(({ publicJwk }, index) => ({
      issuer: names[index] ?? '',
      audience: `audience-${index}`,
      jwksUrl: `https://keys.test/${index}`,
      isFirst: index === 0,
      fetch: () => Promise.resolve(Response.json({ keys: [publicJwk] })),
    })),
  });
  const ids = new Set<string>();
  for (const [index, issuer] of issuers.entries()) {
    const actor = await resolver.fromToken(await issuer.sign({ aud: `audience-${index}`, sub: '42' }));
    ids.add('id' in actor ? actor.id : '');
    const foreign = await issuer.sign({ aud: `audience-${(index + 1) % 3}`, sub: '42' });
    await expect(resolver.fromToken(foreign)).rejects.toMatchObject({ code: 'unauthenticated' });
    const borrowed = await issuer.sign({ iss: names[(index + 1) % 3], aud: `audience-${(index + 1) % 3}` });
    await expect(resolver.fromToken(borrowed)).rejects.toMatchObject({ code: 'unauthenticated' });
  }
  expect([...ids]).toEqual([
    'ext:42',
    expect.stringMatching(/^ext@[\da-f]{16}:42$/),
    expect.stringMatching(/^ext@[\da-f]{16}:42$/),
  ]);
  expect(ids.size).toBe(3);
});
