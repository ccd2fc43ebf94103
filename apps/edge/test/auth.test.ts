import { createHmac, generateKeyPairSync, createSign } from 'node:crypto';
import { request as httpRequest } from 'node:http';

import { decodeProtectedHeader } from 'jose';
import * as z from 'zod';

import type { Claims } from './support/issuer.ts';
import { OPERATOR, type TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';

const PATH = '/v1/realtime/client_secrets';

async function mintWith(host: TestHost, token: string): Promise<number> {
  const response = await host.post(PATH, {}, { token });
  await response.arrayBuffer();
  return response.status;
}

function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

function claimsOf(host: TestHost) {
  const now = Math.floor(Date.now() / 1_000);
  return { iss: host.issuer.issuer, aud: host.issuer.audience, sub: 'stranger', iat: now, exp: now + 600 };
}

test('a user of the external issuer may mint, a caller without a token may not', async ({ host, expect }) => {
  expect(await mintWith(host, await host.issuer.sign())).toBe(200);
  const anonymous = await host.post(PATH, {}, { token: null });
  expect(anonymous.status).toBe(401);
  expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
  expect(await anonymous.json()).toMatchObject({ error: { code: 'missing_credentials', param: null } });
});

test('refusing a caller costs no upstream request', async ({ host, expect }) => {
  await host.simulator.admin.reset();

  expect(await mintWith(host, await host.issuer.sign({ exp: 1 }))).toBe(401);
  expect(await mintWith(host, 'x.y.z')).toBe(401);
  expect((await host.post(PATH, { nonsense: true }, { token: null })).status).toBe(401);

  expect(await host.simulator.admin.requests()).toEqual([]);
});

for (const alg of ['none', 'None', 'nOnE', 'HS256', 'RS256']) {
  test(`a token with alg ${alg} and an empty signature is refused`, async ({ host, expect }) => {
    const unsigned = `${encode({ alg, kid: 'test-key', typ: 'JWT' })}.${encode(claimsOf(host))}`;
    expect(await mintWith(host, `${unsigned}.`)).toBe(401);
    expect(await mintWith(host, `${unsigned}.AAAA`)).toBe(401);
  });
}

test('an HS256 token signed with the public key in any of its texts is refused', async ({ host, expect }) => {
  const unsigned = `${encode({ alg: 'HS256', kid: 'test-key' })}.${encode(claimsOf(host))}`;
  for (const secret of [
    host.issuer.publicKeyPem,
    host.issuer.publicKeyPem.trim(),
    JSON.stringify(host.issuer.publicJwk),
  ]) {
    const signature = createHmac('sha256', secret).update(unsigned).digest('base64url');
    expect(await mintWith(host, `${unsigned}.${signature}`)).toBe(401);
  }
});

test('a key that the token brings along is not used, and nobody is asked for it', async ({
  host,
  expect,
}) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const before = host.issuer.requests().length;
  const trap = host.issuer.jwksUrl.replace('jwks.json', 'trap');
  for (const extra of [
    { jwk: publicKey.export({ format: 'jwk' }) },
    { jku: trap },
    { x5u: trap },
    { x5c: [publicKey.export({ format: 'der', type: 'spki' }).toString('base64')] },
  ]) {
    const unsigned = `${encode({ alg: 'RS256', kid: 'test-key', ...extra })}.${encode(claimsOf(host))}`;
    const signature = createSign('RSA-SHA256').update(unsigned).sign(privateKey, 'base64url');
    expect(await mintWith(host, `${unsigned}.${signature}`)).toBe(401);
  }
  expect(host.issuer.requests().slice(before)).not.toContain('/trap');
});

test('a key id that tries to be more than a name is refused without a word about why', async ({
  host,
  expect,
}) => {
  for (const kid of ['../../dev/null', "' OR 1=1--", 'unknown', 'x'.repeat(300), '']) {
    const token = await host.issuer.sign({}, { kid });
    const response = await host.post(PATH, {}, { token });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toMatch(/sqlite|ENOENT|select/i);
  }
});

test('flipping any byte of the signature makes a token worthless', async ({ host, expect }) => {
  const token = await host.issuer.sign();
  const [head = '', body = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const statuses = await Promise.all(
    Array.from({ length: 64 }, (_, index) => {
      const flipped = Buffer.from(bytes);
      flipped[index * 4] = (flipped[index * 4] ?? 0) ^ 1;
      return mintWith(host, `${head}.${body}.${flipped.toString('base64url')}`);
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([401]));
});

test('a client secret is not a user token', async ({ host, expect }) => {
  const minted = z.object({ value: z.string() }).parse(await (await host.post(PATH, {})).json());
  expect(await mintWith(host, minted.value)).toBe(401);
});

test('a token of another type is refused', async ({ host, expect }) => {
  for (const typ of ['refresh+jwt', 'node+jwt', 'dpop+jwt', 'secevent+jwt']) {
    expect(await mintWith(host, await host.issuer.sign({}, { typ }))).toBe(401);
  }
});

for (const { name, claims } of [
  { name: 'expired a minute ago', claims: { exp: Math.floor(Date.now() / 1_000) - 60 } },
  { name: 'valid only in a minute', claims: { nbf: Math.floor(Date.now() / 1_000) + 120 } },
  { name: 'issued in the future', claims: { iat: Math.floor(Date.now() / 1_000) + 120 } },
  { name: 'without an expiry', claims: { exp: undefined } },
  { name: 'without a subject', claims: { sub: undefined } },
  { name: 'with an empty subject', claims: { sub: '' } },
  { name: 'with a control character in the subject', claims: { sub: 'a\nb' } },
  { name: 'of another issuer', claims: { iss: 'https://evil.example.test' } },
  { name: 'for another audience', claims: { aud: 'somebody-else' } },
  { name: 'for a list of others', claims: { aud: ['a', 'b'] } },
  { name: 'for nobody', claims: { aud: undefined } },
] satisfies { name: string; claims: Claims }[]) {
  test(`a token ${name} is refused`, async ({ host, expect }) => {
    expect(await mintWith(host, await host.issuer.sign(claims))).toBe(401);
  });
}

for (const exp of ['"9999999999"', '1e400', '-1', 'null', '[9999999999]', '9999999999.5e300']) {
  test(`an expiry written as ${exp} is refused`, async ({ host, expect }) => {
    const { iss, aud, sub } = claimsOf(host);
    const payload = `{"iss":"${iss}","aud":"${aud}","sub":"${sub}","exp":${exp}}`;
    const unsigned = `${encode({ alg: 'RS256', kid: 'test-key' })}.${encode(payload)}`;
    const signature = await crypto.subtle.sign(
      'RSASSA-PKCS1-v1_5',
      host.issuer.privateKey,
      Buffer.from(unsigned),
    );
    expect(await mintWith(host, `${unsigned}.${Buffer.from(signature).toString('base64url')}`)).toBe(401);
  });
}

test('a critical header that nobody understands, or a second alg, is refused', async ({ host, expect }) => {
  const payload = encode(claimsOf(host));
  for (const header of [
    '{"alg":"RS256","kid":"test-key","crit":["x"],"x":1}',
    '{"alg":"none","kid":"test-key","alg":"RS256"}',
    '{"alg":"RS256","kid":"test-key","alg":"none"}',
  ]) {
    const unsigned = `${encode(header)}.${payload}`;
    const signature = await crypto.subtle.sign(
      'RSASSA-PKCS1-v1_5',
      host.issuer.privateKey,
      Buffer.from(unsigned),
    );
    expect(await mintWith(host, `${unsigned}.${Buffer.from(signature).toString('base64url')}`)).toBe(401);
  }
});

test('an encrypted token, a nested one and an oversized one are refused', async ({ host, expect }) => {
  const token = await host.issuer.sign();
  expect(await mintWith(host, `${token}.AAAA.BBBB`)).toBe(401);
  expect(
    await mintWith(host, `${encode({ alg: 'RS256', kid: 'test-key', cty: 'JWT' })}.${encode(token)}.AAAA`),
  ).toBe(401);
  expect(await mintWith(host, await host.issuer.sign({ padding: 'x'.repeat(9_000) }))).toBe(401);
});

test('only one Bearer value counts', async ({ host, expect }) => {
  const token = host.userToken;
  for (const value of [
    `Basic ${token}`,
    `Token ${token}`,
    token,
    `Bearer ${token}, Bearer ${token}`,
    `Bearer  `,
    'Bearer',
  ]) {
    const response = await host.post(PATH, {}, { token: null, headers: { authorization: value } });
    expect(response.status).toBe(401);
  }
  const lowerCase = await host.post(PATH, {}, { token: null, headers: { authorization: `bearer ${token}` } });
  expect(lowerCase.status).toBe(200);
});

test('two Authorization fields are never read as one good token', async ({ host, expect }) => {
  const other = await host.issuer.sign({ exp: 1 });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = httpRequest(
    `${host.url}${PATH}`,
    {
      method: 'POST',
      headers: [
        'host',
        new URL(host.url).host,
        'content-type',
        'application/json',
        'content-length',
        '2',
        'authorization',
        `Bearer ${other}`,
        'authorization',
        `Bearer ${host.userToken}`,
      ],
    },
    (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    },
  );
  request.once('error', reject);
  request.end('{}');
  expect(await promise).toBe(401);
});

test('a token in the query is no token and stands in no log', async ({ host, expect }) => {
  const response = await host.post(`${PATH}?access_token=${host.userToken}`, {}, { token: null });

  expect(response.status).toBe(401);
  expect(host.logs()).not.toContain(host.userToken.slice(0, 40));
});

test('the key set holds the public half of the signing key and nothing else', async ({ host, expect }) => {
  const { kid } = decodeProtectedHeader(host.userToken);
  const published = await (await host.fetch('/.well-known/jwks.json')).json();

  expect(JSON.stringify(published)).toContain(kid);
  expect(published).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] });
  const [key] = z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).parse(published).keys;
  for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(member);
});

test('the operator signs in, fetches a user token and is the owner', async ({ host, expect }) => {
  const signIn = await host.post('/api/auth/sign-in/email', OPERATOR, { token: null });
  expect(signIn.status).toBe(200);
  const cookie = signIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  expect(signIn.headers.getSetCookie().join()).toMatch(/HttpOnly/i);

  const fetched = await host.fetch('/api/auth/token', { headers: { cookie } });
  const { token } = z.object({ token: z.string() }).parse(await fetched.json());
  const me = await host.fetch('/trpc/me.get', { headers: { authorization: `Bearer ${token}` } });

  expect(await me.json()).toMatchObject({
    result: { data: { email: OPERATOR.email, kind: 'operator', role: 'owner' } },
  });
});

test('a wrong password and an unknown account get the same answer', async ({ host, expect }) => {
  const wrong = await host.post(
    '/api/auth/sign-in/email',
    { ...OPERATOR, password: 'not-the-password' },
    { token: null },
  );
  const unknown = await host.post(
    '/api/auth/sign-in/email',
    { ...OPERATOR, email: 'nobody@demo.local' },
    { token: null },
  );

  expect(wrong.status).toBe(401);
  expect(unknown.status).toBe(401);
  expect(await wrong.text()).toBe(await unknown.text());
});

test('nobody can sign up', async ({ host, expect }) => {
  const response = await host.post(
    '/api/auth/sign-up/email',
    { email: 'new@demo.local', password: 'a-long-password', name: 'New', role: 'operator' },
    { token: null },
  );

  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(await host.readRows("select 1 from users where email = 'new@demo.local'")).toEqual([]);
});

test('the account library refuses in its own shape, and the line of the request says why', async ({
  host,
  expect,
}) => {
  const foreign = await host.post(
    '/api/auth/sign-out',
    {},
    {
      token: null,
      headers: {
        origin: 'https://evil.example.test',
        cookie: 'ephemera.session_token=x',
        'x-request-id': 'foreign-origin',
      },
    },
  );
  expect([foreign.status, await foreign.json()]).toMatchObject([403, { code: 'INVALID_ORIGIN' }]);
  expect(foreign.headers.get('x-request-id')).toBe('foreign-origin');
  const headers = { 'x-request-id': 'no-sign-in' };
  const unknown = await host.fetch('/api/auth/token', { headers });
  expect([unknown.status, await unknown.json()]).toMatchObject([401, { code: 'UNAUTHORIZED' }]);

  const findLine = (id: string) =>
    host
      .logs()
      .split('\n')
      .find((line) => line.includes(`"${id}"`));
  await expect.poll(() => findLine('no-sign-in'), { timeout: 5_000 }).toContain('"UNAUTHORIZED"');
  expect(findLine('foreign-origin')).toContain('"error_code":"INVALID_ORIGIN"');
  expect(host.logs()).not.toContain('auth.failed');
});
