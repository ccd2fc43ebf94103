import { test } from 'vitest';

import { ConfigError, parseConfig, type HostKind } from './config.ts';
import { DEMO_DEFAULTS } from './demo-defaults.ts';

const OWN = {
  AUTH_SECRET: 'mJ4vT9qXw2LrZ8sKc6BnHy3FdPa7Ge5U',
  SAFETY_IDENTIFIER_SECRET: 'Rk7dWq3NzV5xYb8TfC2hMj6GpL9sEa4u',
};
const WORKER = {
  ...OWN,
  BASE_URL: 'https://voice.example.com',
  TURSO_DATABASE_URL: 'libsql://db.example.com',
  OPENAI_API_KEY: 'sk-Qm27x9LwTz4h',
};

function problemsOf(env: Record<string, string>, hostKind: HostKind = 'node'): readonly string[] {
  try {
    parseConfig(env, hostKind);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function namesOf(env: Record<string, string>, hostKind: HostKind = 'node'): string[] {
  return problemsOf(env, hostKind).map((line) => line.split(':')[0] ?? '');
}

test('nothing set is the loopback demo over a file, with the simulator', ({ expect }) => {
  expect(parseConfig({}, 'node')).toMatchObject({
    isDemo: true,
    host: '127.0.0.1',
    port: 8_787,
    database: { url: 'file:.data/ephemera.db', authToken: null, synchronous: 'normal' },
    upstream: { kind: 'simulator' },
    tokenTtl: { defaultSeconds: 600, maxSeconds: 7_200 },
    turn: { providers: ['static'], coturn: null },
    operator: { email: 'operator@demo.local' },
  });
});

test('an empty variable counts as unset', ({ expect }) => {
  expect(parseConfig({ PORT: '', OPENAI_API_KEY: '', AUTH_SECRET: '' }, 'node').isDemo).toBe(true);
});

test('every bad variable is named at once, with what it should be', ({ expect }) => {
  const problems = problemsOf({
    PORT: 'eighty',
    LOG_LEVEL: 'loud',
    OPENAI_BASE_URL: 'http://api.example.com/v1',
    ALLOWED_ORIGINS: 'https://a.example.com, *',
    ICE_SERVERS: '[{"urls":"http://x"}]',
    DEFAULT_TOKEN_TTL_SECONDS: '5',
    TURN_PROVIDERS: 'coturn,carrier-pigeon',
    JWKS_URL: 'ftp://x',
  });

  expect(problems.map((line) => line.split(':')[0])).toEqual([
    'PORT',
    'OPENAI_BASE_URL',
    'LOG_LEVEL',
    'JWKS_URL',
    'ALLOWED_ORIGINS',
    'DEFAULT_TOKEN_TTL_SECONDS',
    'TURN_PROVIDERS',
    'ICE_SERVERS',
  ]);
  expect(problems[0]).toBe('PORT: should be a port number from 0 (any free one) to 65535, not "eighty"');
});

test('a refused secret is not repeated in the message', ({ expect }) => {
  const [problem = ''] = problemsOf({ AUTH_SECRET: 'hunter2' });
  expect(problem).toMatch(/^AUTH_SECRET: should be at least 32 random characters/);
  expect(problem).not.toContain('hunter2');
});

test('the real key without an address means OpenAI; with one, that address', ({ expect }) => {
  expect(parseConfig({ OPENAI_API_KEY: 'sk-Qm27x9LwTz4h' }, 'node').upstream).toMatchObject({
    kind: 'openai',
    baseUrl: 'https://api.openai.com/v1',
  });
  const env = { OPENAI_API_KEY: 'sk-Qm27x9LwTz4h', OPENAI_BASE_URL: 'https://proxy.example.com/v1/' };
  expect(parseConfig(env, 'node').upstream).toMatchObject({
    kind: 'custom',
    baseUrl: 'https://proxy.example.com/v1',
  });
});

test('an address off this machine needs a key, a simulator on loopback has a known one', ({ expect }) => {
  expect(namesOf({ OPENAI_BASE_URL: 'https://proxy.example.com/v1' })).toEqual(['OPENAI_API_KEY']);
  expect(parseConfig({ OPENAI_BASE_URL: 'http://127.0.0.1:8788/v1' }, 'node').upstream).toMatchObject({
    apiKey: 'sk-simulator',
  });
});

for (const url of [
  'http://169.254.169.254/v1',
  'http://0x7f.1.example/v1',
  'https://user:pw@x.example/v1',
  'file:///etc',
]) {
  test(`${url} is no upstream`, ({ expect }) => {
    expect(namesOf({ OPENAI_BASE_URL: url, OPENAI_API_KEY: 'sk-Qm27x9LwTz4h' })).toEqual(['OPENAI_BASE_URL']);
  });
}

const SECRETS = ['AUTH_SECRET', 'SAFETY_IDENTIFIER_SECRET'];
const PUBLIC = { BASE_URL: 'https://voice.example.com', OPENAI_API_KEY: 'sk-Qm27x9LwTz4h' };

for (const { name, env, alsoMissing = [] } of [
  {
    name: 'an address that others reach',
    env: { HOST: '0.0.0.0' },
    alsoMissing: ['BASE_URL', 'OPENAI_API_KEY'],
  },
  {
    name: 'an IPv6 address that others reach',
    env: { HOST: '::' },
    alsoMissing: ['BASE_URL', 'OPENAI_API_KEY'],
  },
  { name: 'a public origin', env: { BASE_URL: 'https://voice.example.com' } },
  { name: 'a database elsewhere', env: { TURSO_DATABASE_URL: 'libsql://db.example.com' } },
]) {
  test(`${name} ends the demo: own secrets are required`, ({ expect }) => {
    expect(namesOf(env)).toEqual([...SECRETS, ...alsoMissing]);
    expect(parseConfig({ ...env, ...OWN, ...PUBLIC }, 'node')).toMatchObject({
      isDemo: false,
      operator: null,
    });
  });
}

test("the demo's well-known secrets are refused by name where others can reach", ({ expect }) => {
  const problems = problemsOf({
    ...PUBLIC,
    HOST: '0.0.0.0',
    AUTH_SECRET: DEMO_DEFAULTS.authSecret,
    SAFETY_IDENTIFIER_SECRET: DEMO_DEFAULTS.safetyIdentifierSecret,
    OPERATOR_EMAIL: 'me@example.com',
    OPERATOR_PASSWORD: DEMO_DEFAULTS.operatorPassword,
  });

  expect(problems).toHaveLength(3);
  for (const problem of problems)
    expect(problem).toMatch(
      /^(AUTH_SECRET|SAFETY_IDENTIFIER_SECRET|OPERATOR_PASSWORD): is the demo's well-known/,
    );
});

test('one own secret on loopback ends the demo as well: half a set would be a trap', ({ expect }) => {
  expect(namesOf({ AUTH_SECRET: OWN.AUTH_SECRET })).toEqual(['SAFETY_IDENTIFIER_SECRET']);
});

test('one secret may not serve two purposes', ({ expect }) => {
  const env = { AUTH_SECRET: OWN.AUTH_SECRET, SAFETY_IDENTIFIER_SECRET: OWN.AUTH_SECRET };
  expect(namesOf(env)).toEqual(['SAFETY_IDENTIFIER_SECRET']);
});

test('a short TURN secret passes on loopback only', ({ expect }) => {
  const turn = { COTURN_URLS: 'turn:turn.example.com:3478', COTURN_STATIC_AUTH_SECRET: 's3cr3t' };
  expect(parseConfig(turn, 'node').turn.coturn).toEqual({
    urls: ['turn:turn.example.com:3478'],
    secrets: ['s3cr3t'],
  });
  expect(namesOf({ ...turn, ...OWN })).toEqual(['COTURN_STATIC_AUTH_SECRET']);
});

test('coturn needs both its addresses and its secret', ({ expect }) => {
  expect(namesOf({ TURN_PROVIDERS: 'coturn' })).toEqual(['COTURN_URLS', 'COTURN_STATIC_AUTH_SECRET']);
  expect(namesOf({ COTURN_URLS: 'turn:x.example:1' })).toEqual(['COTURN_STATIC_AUTH_SECRET']);
});

test('an external issuer must be named and differ from the built-in one', ({ expect }) => {
  const jwks = { JWKS_URL: 'https://id.example.com/jwks.json' };
  expect(namesOf(jwks)).toEqual(['JWT_ISSUER']);
  expect(namesOf({ ...jwks, JWT_ISSUER: 'ephemera' })).toEqual(['JWT_ISSUER']);
  expect(parseConfig({ ...jwks, JWT_ISSUER: 'https://id.example.com' }, 'node').jwt).toMatchObject({
    issuer: 'ephemera',
    externals: [
      { issuer: 'https://id.example.com', jwksUrl: jwks.JWKS_URL, audience: 'ephemera', isFirst: true },
    ],
  });
});

test('the default lifetime may not exceed the maximum', ({ expect }) => {
  expect(namesOf({ DEFAULT_TOKEN_TTL_SECONDS: '600', MAX_TOKEN_TTL_SECONDS: '60' })).toEqual([
    'DEFAULT_TOKEN_TTL_SECONDS',
  ]);
  expect(parseConfig({ MAX_TOKEN_TTL_SECONDS: '60' }, 'node').tokenTtl).toEqual({
    defaultSeconds: 60,
    maxSeconds: 60,
  });
});

test('a Worker has no demo, no file and no simulator', ({ expect }) => {
  expect(namesOf({}, 'workers').toSorted()).toEqual([
    'AUTH_SECRET',
    'BASE_URL',
    'OPENAI_API_KEY',
    'SAFETY_IDENTIFIER_SECRET',
    'TURSO_DATABASE_URL',
  ]);
  expect(namesOf({ ...WORKER, TURSO_DATABASE_URL: 'file:x.db' }, 'workers')).toEqual(['TURSO_DATABASE_URL']);
  expect(parseConfig(WORKER, 'workers')).toMatchObject({ isDemo: false, upstream: { kind: 'openai' } });
});

test("bindings and other people's variables are none of its business", ({ expect }) => {
  expect(parseConfig({ ...WORKER, ASSETS: {}, CF_VERSION_METADATA: { id: '1' } }, 'workers').isDemo).toBe(
    false,
  );
});

function servesGuests(env: Record<string, string>, hostKind: HostKind = 'node'): boolean {
  return parseConfig(env, hostKind).areGuestsAllowed;
}

test('callers without a token are served by the demo over the simulator alone, unless it is said', ({
  expect,
}) => {
  expect(servesGuests({})).toBe(true);
  expect(servesGuests({ ANONYMOUS_TOKENS: 'off' })).toBe(false);
  expect(servesGuests({ OPENAI_API_KEY: 'sk-Qm27x9LwTz4h' })).toBe(false);
  expect(servesGuests(OWN)).toBe(false);
  expect(servesGuests(WORKER, 'workers')).toBe(false);
  expect(servesGuests({ ANONYMOUS_TOKENS: 'on', OPENAI_API_KEY: 'sk-Qm27x9LwTz4h' })).toBe(true);
  expect(namesOf({ ...WORKER, ANONYMOUS_TOKENS: 'on' }, 'workers')).toEqual(['ANONYMOUS_TOKENS']);
  expect(namesOf({ ...OWN, ...PUBLIC, ANONYMOUS_TOKENS: 'on' })).toEqual(['ANONYMOUS_TOKENS']);
  expect(namesOf({ ANONYMOUS_TOKENS: 'yes' })).toEqual(['ANONYMOUS_TOKENS']);
});
