// Security 66 to 71 and the contract's identity part.
import { constants, createPublicKey, generateKeyPairSync } from 'node:crypto';

import { CANARY_KEY, type TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import {
  challengeSchema,
  createKeyPair,
  joinNetwork,
  type KeyPair,
  logIn,
  register,
  registrationOf,
  requestChallenge,
  signChallenge,
  tokensSchema,
  verify,
} from './support/nodes.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open', NODE_LOGINS_PER_MINUTE: '30' });

const KEYS = { a: createKeyPair(), b: createKeyPair() };

/** Registers once a file; again changes nothing. */
async function ensure(host: TestHost, id: string, keys: KeyPair): Promise<void> {
  const { status } = await register(host, registrationOf(id, keys));
  if (status !== 201 && status !== 200) throw new Error(`The registration answered ${status}.`);
}

async function answerOf(response: Response): Promise<string> {
  const body: unknown = await response.json();
  return JSON.stringify(body).replaceAll(/"req_[^"]+"/g, '"req"');
}

test('security 66: a challenge is good once, for its node, and for a minute', async ({ host, expect }) => {
  await ensure(host, 'once-a', KEYS.a);
  await ensure(host, 'once-b', KEYS.b);
  const challenge = await requestChallenge(host, 'once-a');
  const signature = signChallenge(KEYS.a.privateKey, challenge);

  const first = await verify(host, { node_id: 'once-a', challenge, signature });
  expect(first.status).toBe(200);
  expect(tokensSchema.parse(await first.json()).expires_in).toBeLessThanOrEqual(900);
  const replayed = await verify(host, { node_id: 'once-a', challenge, signature });
  expect(replayed.status).toBe(401);
  const another = await requestChallenge(host, 'once-a');
  const swapped = {
    node_id: 'once-b',
    challenge: another,
    signature: signChallenge(KEYS.b.privateKey, another),
  };
  expect((await verify(host, swapped)).status).toBe(401);
  const expiresAt = challengeSchema.parse(
    await (await host.post('/api/v1/auth/login', { node_id: 'once-a' }, { token: null })).json(),
  ).expires_at;
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
});

test('security 66: a wrong answer uses the challenge up', async ({ host, expect }) => {
  await ensure(host, 'once-a', KEYS.a);
  const challenge = await requestChallenge(host, 'once-a');
  const wrong = signChallenge(KEYS.b.privateKey, challenge);
  expect((await verify(host, { node_id: 'once-a', challenge, signature: wrong })).status).toBe(401);
  const right = signChallenge(KEYS.a.privateKey, challenge);
  expect((await verify(host, { node_id: 'once-a', challenge, signature: right })).status).toBe(401);
});

test('of twenty that answer one challenge at once, one is let in', async ({ host, expect }) => {
  await ensure(host, 'race', createRacer());
  const challenge = await requestChallenge(host, 'race');
  const body = { node_id: 'race', challenge, signature: signChallenge(createRacer().privateKey, challenge) };
  const answers = await Promise.all(Array.from({ length: 20 }, () => verify(host, body)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 401)).toHaveLength(19);
  await Promise.all(answers.map((answer) => answer.arrayBuffer()));
});

let racer: KeyPair | null = null;
function createRacer(): KeyPair {
  racer ??= createKeyPair();
  return racer;
}

test('security 67: what is no RSA-PSS signature over SHA-256 by the key is refused', async ({
  host,
  expect,
}) => {
  const keys = createKeyPair();
  await ensure(host, 'signer', keys);
  const forms: Record<string, (text: string) => string> = {
    'PKCS#1 v1.5': (text) => signChallenge(keys.privateKey, text, { padding: constants.RSA_PKCS1_PADDING }),
    'SHA-1': (text) => signChallenge(keys.privateKey, text, { hash: 'sha1' }),
    'SHA-512': (text) => signChallenge(keys.privateKey, text, { hash: 'sha512' }),
    'no salt': (text) => signChallenge(keys.privateKey, text, { saltLength: 0 }),
    'a salt of 20': (text) => signChallenge(keys.privateKey, text, { saltLength: 20 }),
    'another key': (text) => signChallenge(KEYS.b.privateKey, text),
    truncated: (text) => signChallenge(keys.privateKey, text).slice(0, -2),
    'a byte too many': (text) => `${signChallenge(keys.privateKey, text)}00`,
    'all zero': () => '00'.repeat(256),
    'all ones': () => 'ff'.repeat(256),
    'another text': (text) => signChallenge(keys.privateKey, `${text}.`),
  };
  for (const [name, form] of Object.entries(forms)) {
    const challenge = await requestChallenge(host, 'signer');
    const answer = await verify(host, { node_id: 'signer', challenge, signature: form(challenge) });
    expect([name, answer.status]).toEqual([name, 401]);
    await answer.arrayBuffer();
  }
});

for (const bits of [2_048, 3_072, 4_096]) {
  test(`a key of ${bits} bits proves itself with the longest salt and with that of the digest`, async ({
    host,
    expect,
  }) => {
    const keys = createKeyPair(bits);
    const id = `bits-${bits}`;
    await ensure(host, id, keys);
    for (const saltLength of [constants.RSA_PSS_SALTLEN_MAX_SIGN, constants.RSA_PSS_SALTLEN_DIGEST]) {
      const challenge = await requestChallenge(host, id);
      const signature = signChallenge(keys.privateKey, challenge, { saltLength });
      expect((await verify(host, { node_id: id, challenge, signature })).status).toBe(200);
    }
  });
}

test('security 68: a key that is too weak, of another kind or private is refused and kept nowhere', async ({
  host,
  expect,
}) => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const ed = generateKeyPairSync('ed25519').publicKey;
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2_048 }).publicKey;
  const rsa = createKeyPair();
  const privatePem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const toPem = (key: typeof ec): string => key.export({ type: 'spki', format: 'pem' }).toString();
  const bad: Record<string, [pem: unknown, says: RegExp]> = {
    'private, PKCS#8': [privatePem, /private key/],
    'private, PKCS#1': [rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(), /private key/],
    'both halves': [`${rsa.pem}${privatePem}`, /private key/],
    'an EC key': [toPem(ec), /not an RSA key/],
    'an Ed25519 key': [toPem(ed), /not an RSA key/],
    'a key bound to PSS': [toPem(pss), /not an RSA key/],
    '1024 bits': [createKeyPair(1_024).pem, /1024 bits/],
    'e = 3': [createKeyPair(2_048, 3).pem, /exponent/],
    'PKCS#1': [createPublicKey(rsa.pem).export({ type: 'pkcs1', format: 'pem' }).toString(), /PKCS#1/],
    'no PEM': ['hello', /PEM/],
    empty: ['', /PEM/],
    'bytes after the key': [rsa.pem.replace('-----END', 'AAAA\n-----END'), /PEM/],
    'a number': [42, /public_key/],
  };
  for (const [name, [pem, says]] of Object.entries(bad)) {
    const body = { ...registrationOf('weak', rsa), public_key: pem };
    const response = await register(host, body);
    const answer = await response.text();
    expect([name, response.status]).toEqual([name, 422]);
    expect(answer, name).toMatch(says);
    expect(answer, name).not.toContain(privatePem.slice(100, 160));
  }
  expect(host.logs()).not.toContain(privatePem.slice(100, 150));
  expect(await host.readRows("select id from nodes where id = 'weak'")).toEqual([]);
});

test('security 69: what is signed says what for, for whom and by whom, and cannot be made up', async ({
  host,
  expect,
}) => {
  await ensure(host, 'once-a', KEYS.a);
  const challenge = await requestChallenge(host, 'once-a');
  expect(challenge).toMatch(/^ephemera-node-login:v1:[^:]+\/nodes:once-a:[\w-]{96}$/);
  const mac = challenge.slice(-96);
  const forged = [
    mac,
    challenge.replace('login:v1', 'message:v1'),
    challenge.replace('/nodes:', '/users:'),
    `${challenge.slice(0, -1)}${challenge.endsWith('A') ? 'B' : 'A'}`,
    challenge.replace(mac, 'A'.repeat(96)),
    'x',
  ];
  for (const text of forged) {
    const signature = signChallenge(KEYS.a.privateKey, text);
    const answer = await verify(host, { node_id: 'once-a', challenge: text, signature });
    expect([text, answer.status]).toEqual([text, 401]);
    await answer.arrayBuffer();
  }
});

test('security 70: an unknown node and a known one get the same answers', async ({ host, expect }) => {
  await ensure(host, 'known-01', createRacer2());
  const seen: Record<string, unknown> = {};
  for (const id of ['known-01', 'nobody-1']) {
    const login = await host.post('/api/v1/auth/login', { node_id: id }, { token: null });
    const { challenge } = challengeSchema.parse(await login.clone().json());
    const answer = await verify(host, {
      node_id: id,
      challenge,
      signature: signChallenge(KEYS.b.privateKey, challenge),
    });
    const headers = [...login.headers.keys()].toSorted();
    seen[id] = [login.status, (await login.text()).length, headers, answer.status, await answerOf(answer)];
  }
  expect(seen['known-01']).toEqual(seen['nobody-1']);
});

let second: KeyPair | null = null;
function createRacer2(): KeyPair {
  second ??= createKeyPair();
  return second;
}

test('security 71: any number of challenges fills no table and locks nobody out', async ({
  host,
  expect,
}) => {
  const keys = createKeyPair();
  await ensure(host, 'wanted', keys);
  const count = async (): Promise<unknown> =>
    (
      await host.readRows(
        'select (select count(*) from burnt_challenges) + (select count(*) from rate_windows) as rows',
      )
    )[0]?.['rows'];
  const before = await count();
  const total = host.kind === 'node' ? 10_000 : 500;
  for (let done = 0; done < total; done += 100) {
    await Promise.all(Array.from({ length: 100 }, () => requestChallenge(host, 'wanted')));
  }
  expect(await count()).toBe(before);
  expect((await logIn(host, 'wanted', keys)).status).toBe(200);
}, 120_000);

test('too many attempts at one node are told to wait, and other nodes are not', async ({ host, expect }) => {
  const keys = createKeyPair();
  await ensure(host, 'guessed', keys);
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 62; attempt += 1) {
    const challenge = await requestChallenge(host, 'guessed');
    const answer = await verify(host, { node_id: 'guessed', challenge, signature: '00'.repeat(256) });
    statuses.push(answer.status);
    await answer.arrayBuffer();
    if (answer.status === 429) {
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      break;
    }
  }
  expect(statuses.at(-1)).toBe(429);
  await joinNetwork(host, 'left-alone');
});

test('the same key again updates the node, another one is refused, and a key has one node', async ({
  host,
  expect,
}) => {
  const keys = createKeyPair();
  expect((await register(host, registrationOf('again', keys))).status).toBe(201);
  const again = await register(
    host,
    registrationOf('again', keys, { name: 'Renamed', capabilities: ['compute'] }),
  );
  expect(again.status).toBe(200);
  expect(await again.json()).toMatchObject({ name: 'Renamed', capabilities: ['compute'] });
  expect((await register(host, registrationOf('again', createKeyPair()))).status).toBe(409);
  expect((await register(host, registrationOf('again-2', keys))).status).toBe(409);
});

test('tokens of nodes and of people are never taken for each other', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'typed');
  const [head = '', body = ''] = node.token
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString());
  expect(JSON.parse(head)).toMatchObject({ typ: 'node+jwt', alg: 'EdDSA' });
  const claims = JSON.parse(body);
  expect(claims).toMatchObject({
    sub: 'typed',
    aud: expect.stringMatching(/\/nodes$/),
    jti: expect.any(String),
  });
  expect(claims.exp - claims.iat).toBeLessThanOrEqual(900);
  const published = await (await host.fetch('/.well-known/jwks.json')).json();
  expect(published.keys.map(({ kid }: { kid: string }) => kid)).toContain(JSON.parse(head).kid);
  expect(JSON.stringify(published)).not.toContain('"d"');

  for (const typ of ['JWT', 'at+jwt']) {
    const parts = node.token.split('.');
    const renamed = Buffer.from(JSON.stringify({ ...JSON.parse(head), typ })).toString('base64url');
    const forged = [renamed, ...parts.slice(1)].join('.');
    const response = await host.fetch('/v1/me', { headers: { authorization: `Bearer ${forged}` } });
    expect([typ, response.status]).toEqual([typ, 401]);
  }
  const people = await host.fetch('/api/v1/nodes', {
    headers: { authorization: `Bearer ${host.userToken}` },
  });
  expect(people.status).toBe(403);
  const refresh = await host.fetch('/api/v1/nodes', {
    headers: { authorization: `Bearer ${node.refreshToken}` },
  });
  expect(refresh.status).toBe(401);
});

test('nothing that is stored or logged would do as a secret', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'canary');
  const rows = JSON.stringify([
    await host.readRows('select * from node_refresh_tokens'),
    await host.readRows('select * from node_signing_keys'),
    await host.readRows('select * from burnt_challenges'),
  ]);
  for (const secret of [node.token, node.refreshToken, CANARY_KEY, '"d":']) {
    expect(rows).not.toContain(secret);
    expect(host.logs()).not.toContain(secret === '"d":' ? CANARY_KEY : secret);
  }
});
