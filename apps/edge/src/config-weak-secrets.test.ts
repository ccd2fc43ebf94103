// Security 98: no secret that is short, well known or used twice starts a deployment, on either host.
import { test } from 'vitest';

import { ConfigError, parseConfig } from './config.ts';
import { VARIABLES } from './config-variables.ts';
import { DEMO_DEFAULTS } from './demo-defaults.ts';

const DEPLOYED = {
  AUTH_SECRET: 'mJ4vT9qXw2LrZ8sKc6BnHy3FdPa7Ge5U',
  SAFETY_IDENTIFIER_SECRET: 'Rk7dWq3NzV5xYb8TfC2hMj6GpL9sEa4u',
  HOST: '0.0.0.0',
  BASE_URL: 'https://voice.example.com',
  OPENAI_API_KEY: 'sk-Qm27x9LwTz4h',
  TURSO_DATABASE_URL: 'libsql://db.example.com',
  COTURN_URLS: 'turn:turn.example.com:3478',
  COTURN_STATIC_AUTH_SECRET: 'Hq5tVx8ZnC3wKb7RmJ2fYs9LdGp4Ta6E',
};
const HOSTS = ['node', 'workers'] as const;

function problemsOf(env: Record<string, string>, host: (typeof HOSTS)[number]): readonly string[] {
  try {
    parseConfig(env, host);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Not ours to judge: keys and tokens of others, and a password, which has a rule of its own. */
const OF_OTHERS = ['OPENAI_API_KEY', 'TURSO_AUTH_TOKEN', 'OPERATOR_PASSWORD'];
const SHORT = 'x'.repeat(31);
const AS_WRITTEN: Readonly<Record<string, string>> = {
  INTERNAL_API_SECRETS: `crawler:${SHORT}`,
  KEYRING: `1:${Buffer.alloc(31, 7).toString('base64')}`,
};

const secrets = Object.entries(VARIABLES).flatMap(([name, { isSecret }]) =>
  isSecret && !OF_OTHERS.includes(name) ? [name] : [],
);

const SEPARATE = [
  'AUTH_SECRET',
  'SAFETY_IDENTIFIER_SECRET',
  'INTERNAL_API_SECRET',
  'INTERNAL_API_SECRETS',
  'ADMIN_BOOTSTRAP_TOKEN',
  'METRICS_TOKEN',
  'COTURN_STATIC_AUTH_SECRET',
  'KEYRING',
];

test('every secret is looked at', ({ expect }) => {
  expect(secrets).toEqual(
    expect.arrayContaining(['AUTH_SECRET', 'KEYRING', 'METRICS_TOKEN', 'ADMIN_BOOTSTRAP_TOKEN']),
  );
});

for (const host of HOSTS) {
  for (const name of secrets) {
    test(`${host}: ${name} of 31 characters is refused, and not repeated`, ({ expect }) => {
      const problems = problemsOf({ ...DEPLOYED, [name]: AS_WRITTEN[name] ?? SHORT }, host);

      expect(
        problems.some((line) => line.startsWith(`${name}:`)),
        problems.join('\n'),
      ).toBe(true);
      expect(problems.join('\n')).not.toContain(SHORT);
    });
  }

  for (const [name, value] of [
    ['AUTH_SECRET', DEMO_DEFAULTS.authSecret],
    ['SAFETY_IDENTIFIER_SECRET', DEMO_DEFAULTS.safetyIdentifierSecret],
    ['INTERNAL_API_SECRET', DEMO_DEFAULTS.internalApiSecret],
    ['INTERNAL_API_SECRETS', `crawler:${DEMO_DEFAULTS.internalApiSecret}`],
    ['KEYRING', DEMO_DEFAULTS.keyring],
    ['METRICS_TOKEN', DEMO_DEFAULTS.metricsToken],
  ] as const) {
    test(`${host}: the demo's ${name} is refused outside of it`, ({ expect }) => {
      expect(problemsOf({ ...DEPLOYED, [name]: value }, host).join('\n')).toMatch(
        new RegExp(`^${name}: .*well-known`, 'm'),
      );
    });
  }

  test(`${host}: no secret has two purposes, whichever two`, ({ expect }) => {
    const twice = 'Bz6yNk4XvW9cQs2HtL7pRf3MjDg8Ua5e6YtQw3ZrXs8=';
    const env = { ...DEPLOYED, METRICS_TOKEN: 'Xc9rGm2KfT6hWv4ZqN8sYd3BpJ7La5Eu' };
    const named = { INTERNAL_API_SECRETS: `crawler:${twice}`, KEYRING: `3:${twice}` };
    expect(problemsOf(env, host)).toEqual([]);
    for (const [index, first] of SEPARATE.entries()) {
      for (const second of SEPARATE.slice(index + 1)) {
        const shared = Object.fromEntries(
          [first, second].map((name) => [name, name in named ? Reflect.get(named, name) : twice]),
        );
        const problems = problemsOf({ ...env, ...shared }, host);
        const isList = first === 'INTERNAL_API_SECRET' && second === 'INTERNAL_API_SECRETS';
        expect(problems).toEqual([
          isList
            ? `${second}: holds the same secret twice, the second named "crawler"`
            : `${second}: should differ from ${first}: one secret, one purpose`,
        ]);
      }
    }
  });
}

test('the demo has a token for its metrics, a deployment only the one it is given', ({ expect }) => {
  expect(parseConfig({}, 'node').metricsToken).toBe(DEMO_DEFAULTS.metricsToken);
  expect(parseConfig(DEPLOYED, 'node').metricsToken).toBeNull();
});
