import { expect, test } from 'vitest';

import { parseConfig } from '../config.ts';
import { chooseVariables } from './dev-edge-variables.ts';

const SECRETS = {
  AUTH_SECRET: 'auth-of-a-test-that-is-long-enough-for-it',
  SAFETY_IDENTIFIER_SECRET: 'safety-of-a-test-that-is-long-enough',
  KEYRING: `1:${btoa('k'.repeat(32))}`,
  INTERNAL_API_SECRET: 'internal-of-a-test-that-is-long-enough',
  METRICS_TOKEN: 'metrics-of-a-test-that-is-long-enough',
  BASE_URL: 'http://127.0.0.1:8787',
  TURSO_DATABASE_URL: 'http://127.0.0.1:8080',
  OPENAI_BASE_URL: 'http://127.0.0.1:9090/v1',
  OPENAI_API_KEY: 'sk-simulator',
};

function configOfWorker(env: Record<string, string>) {
  return parseConfig({ ...chooseVariables(env, parseConfig(env, 'node')), ...SECRETS }, 'workers');
}

test('the demo in workerd lets in whatever machine comes, as the demo on Node does', () => {
  expect(configOfWorker({}).nodes.registration).toBe('open');
  expect(configOfWorker({ NODE_REGISTRATION: 'token' }).nodes.registration).toBe('token');
});

test('what is set goes on to it, but for what is about listening and files', () => {
  const env = { LOG_LEVEL: 'error', PORT: '0', DATA_DIR: '/tmp/demo', HOST: '127.0.0.1', UNKNOWN: 'x' };
  expect(chooseVariables(env, parseConfig(env, 'node'))).toEqual({
    LOG_LEVEL: 'error',
    NODE_REGISTRATION: 'open',
  });
});
