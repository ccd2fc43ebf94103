// Security 98: what a guide shows to be replaced starts no deployment.
import { test } from 'vitest';

import { ConfigError, parseConfig } from './config.ts';
import { looksLikeSample } from './config-samples.ts';

const DEPLOYED = {
  HOST: '0.0.0.0',
  BASE_URL: 'https://voice.example.com',
  AUTH_SECRET: 'mJ4vT9qXw2LrZ8sKc6BnHy3FdPa7Ge5U',
  SAFETY_IDENTIFIER_SECRET: 'Rk7dWq3NzV5xYb8TfC2hMj6GpL9sEa4u',
  OPENAI_API_KEY: 'sk-Qm27x9LwTz4h',
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env, 'node');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test('random bytes in base64 or hex never look like a sample: 10,000 of each', ({ expect }) => {
  let state = 20_261_122;
  const nextByte = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  const suspected = Array.from({ length: 10_000 }, () => Buffer.from(Array.from({ length: 32 }, nextByte)))
    .flatMap((bytes) => [bytes.toString('base64'), bytes.toString('hex'), bytes.toString('latin1')])
    .filter((text) => looksLikeSample(text));

  expect(suspected).toEqual([]);
});

const LONG = 'changeme'.repeat(5);
for (const [name, value] of [
  ['AUTH_SECRET', LONG],
  ['AUTH_SECRET', '0'.repeat(44)],
  ['SAFETY_IDENTIFIER_SECRET', '1234567890'.repeat(4)],
  ['INTERNAL_API_SECRET', 'your-internal-api-secret-of-32-characters'],
  ['INTERNAL_API_SECRETS', `crawler:${LONG}`],
  ['METRICS_TOKEN', 'Password-of-the-metrics-of-this-service'],
  ['ADMIN_BOOTSTRAP_TOKEN', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL'],
  ['OPENAI_API_KEY', 'sk-your-api-key'],
  ['OPENAI_API_KEY', 'sk-xxxxxxxxxxxxxxxxxxxx'],
  ['KEYRING', `1:${Buffer.alloc(32).toString('base64')}`],
  ['KEYRING', `1:${Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('base64')}`],
  ['KEYRING', `1:${Buffer.from('changemechangemechangemechangeme').toString('base64')}`],
] as const) {
  test(`${name} ${JSON.stringify(value.slice(0, 24))}… starts nothing off loopback, and is not repeated`, ({
    expect,
  }) => {
    const problems = problemsOf({ ...DEPLOYED, [name]: value });

    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name}: is a sample`))]);
    expect(problems.join('\n')).not.toContain(value);
  });
}

test('what is not a sample starts it; on loopback nothing is judged', ({ expect }) => {
  expect(problemsOf(DEPLOYED)).toEqual([]);
  expect(problemsOf({ AUTH_SECRET: LONG, SAFETY_IDENTIFIER_SECRET: '0'.repeat(44) })).toEqual([]);
});
