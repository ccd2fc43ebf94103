import { test } from 'vitest';

import { type Config, ConfigError, parseConfig } from './config.ts';
import { DEMO_DEFAULTS } from './demo-defaults.ts';

const OWN = {
  AUTH_SECRET: 'mJ4vT9qXw2LrZ8sKc6BnHy3FdPa7Ge5U',
  SAFETY_IDENTIFIER_SECRET: 'Rk7dWq3NzV5xYb8TfC2hMj6GpL9sEa4u',
};
const DEPLOYED = {
  ...OWN,
  HOST: '0.0.0.0',
  BASE_URL: 'https://voice.example.com',
  OPENAI_API_KEY: 'sk-Qm27x9LwTz4h',
};
const ONE = 'one-Hq5tVx8ZnC3wKb7RmJ2fYs9LdGp4Ta6E';
const TWO = 'two-Bz6yNk4XvW9cQs2HtL7pRf3MjDg8Ua5e';
const KEY_1 = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * at * 37 + 11) % 251)).toString(
  'base64',
);
const KEY_2 = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * at * 41 + 5) % 251)).toString('base64');

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env, 'node');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function secretsOf(env: Record<string, string>): Config['internalSecrets'] {
  return parseConfig(env, 'node').internalSecrets;
}

test('the demo has a keyring and an internal secret of its own, a deployment neither unless it is given', ({
  expect,
}) => {
  const demo = parseConfig({}, 'node');
  const deployed = parseConfig(DEPLOYED, 'node');

  expect(demo.keyring?.versions).toEqual([1]);
  expect(demo.internalSecrets).toEqual([{ name: 'default', secret: DEMO_DEFAULTS.internalApiSecret }]);
  expect(deployed.keyring).toBeNull();
  expect(deployed.internalSecrets).toEqual([]);
});

test('own internal secrets and an own keyring leave the demo a demo, and take the place of its own', ({
  expect,
}) => {
  const config = parseConfig({ INTERNAL_API_SECRET: ONE, KEYRING: `7:${KEY_1}` }, 'node');

  expect(config.isDemo).toBe(true);
  expect(config.internalSecrets).toEqual([{ name: 'default', secret: ONE }]);
  expect(config.keyring?.newestVersion).toBe(7);
});

test('several named secrets are valid at once, beside the one without a name', ({ expect }) => {
  const env = { ...DEPLOYED, INTERNAL_API_SECRET: ONE, INTERNAL_API_SECRETS: ` next:${TWO} , ci:${TWO}x` };

  expect(secretsOf(env)).toEqual([
    { name: 'default', secret: ONE },
    { name: 'next', secret: TWO },
    { name: 'ci', secret: `${TWO}x` },
  ]);
});

for (const { name, env, problem } of [
  {
    name: 'a short internal secret',
    env: { INTERNAL_API_SECRET: 'x'.repeat(31) },
    problem: /^INTERNAL_API_SECRET: should be at least 32 random characters/,
  },
  {
    name: 'an internal secret that no header can carry',
    env: { INTERNAL_API_SECRET: `${'x'.repeat(20)} ${'x'.repeat(20)}` },
    problem: /^INTERNAL_API_SECRET: .*without spaces/,
  },
  {
    name: 'a short named secret',
    env: { INTERNAL_API_SECRETS: `old:${ONE},new:short` },
    problem: /^INTERNAL_API_SECRETS: the secret named "new" should be at least 32 characters/,
  },
  {
    name: 'a named secret without a name',
    env: { INTERNAL_API_SECRETS: `old:${ONE},${TWO}` },
    problem: /^INTERNAL_API_SECRETS: entry 2 has no name/,
  },
  {
    name: 'the same name twice',
    env: { INTERNAL_API_SECRETS: `ci:${ONE},ci:${TWO}` },
    problem: /^INTERNAL_API_SECRETS: names "ci" twice/,
  },
  {
    name: 'the same secret under two names, which would make a rotation a pretence',
    env: { INTERNAL_API_SECRETS: `old:${ONE},new:${ONE}` },
    problem: /^INTERNAL_API_SECRETS: holds the same secret twice, the second named "new"/,
  },
  {
    name: 'an internal secret that has another purpose',
    env: { INTERNAL_API_SECRET: OWN.AUTH_SECRET },
    problem: /^INTERNAL_API_SECRET: should differ from AUTH_SECRET: one secret, one purpose/,
  },
  {
    name: "the demo's internal secret",
    env: { INTERNAL_API_SECRET: DEMO_DEFAULTS.internalApiSecret },
    problem: /^INTERNAL_API_SECRET: holds the demo's well-known secret/,
  },
  {
    name: "the demo's key-encryption key",
    env: { KEYRING: `2:${KEY_1},${DEMO_DEFAULTS.keyring}` },
    problem: /^KEYRING: holds the demo's well-known key/,
  },
  { name: 'a keyring without a version', env: { KEYRING: KEY_1 }, problem: /^KEYRING: entry 1 .*version/ },
  {
    name: 'a key-encryption key of another length',
    env: { KEYRING: `2:${KEY_1},1:${Buffer.alloc(16, 3).toString('base64')}` },
    problem: /^KEYRING: the key of version 1 has 16 bytes, not 32/,
  },
  {
    name: 'a key-encryption key that is not base64',
    env: { KEYRING: `1:${'*'.repeat(44)}` },
    problem: /^KEYRING: the key of version 1 is not base64/,
  },
  {
    name: 'a version given twice',
    env: { KEYRING: `1:${KEY_1},1:${KEY_2}` },
    problem: /^KEYRING: version 1 is given twice/,
  },
  {
    name: 'a limit of nothing',
    env: { INTERNAL_READS_PER_MINUTE: '0' },
    problem: /^INTERNAL_READS_PER_MINUTE: should be a whole number/,
  },
]) {
  test(`${name} is refused, and said to be`, ({ expect }) => {
    const problems = problemsOf({ ...DEPLOYED, ...env });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
    for (const secret of [ONE, TWO, KEY_1, KEY_2, OWN.AUTH_SECRET]) expect(problems[0]).not.toContain(secret);
  });
}

test('with a keyring the keys may all be in the pool', ({ expect }) => {
  const { OPENAI_API_KEY: _, ...withoutKey } = DEPLOYED;

  expect(problemsOf(withoutKey)).toEqual([expect.stringMatching(/^OPENAI_API_KEY: is missing.*KEYRING/)]);
  expect(parseConfig({ ...withoutKey, KEYRING: `1:${KEY_1}` }, 'node').upstream).toMatchObject({
    kind: 'openai',
    apiKey: null,
  });
});
