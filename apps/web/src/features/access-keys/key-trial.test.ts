import { test } from 'vitest';

import { toCurl, toEnvLine } from './key-trial.ts';
import { createKey } from './test-key.ts';

const SECRET = 'eph_live_secret';
const HERE = 'https://ephemera.example';

test('the command mints a token, with a model and an origin that the key allows', ({ expect }) => {
  const key = createKey({ allowedModels: ['gpt-realtime-mini'], allowedOrigins: ['https://app.example'] });
  expect(toCurl(key, SECRET, HERE)).toBe(
    [
      `curl -X POST 'https://ephemera.example/v1/realtime/client_secrets'`,
      `-H 'Authorization: Bearer eph_live_secret'`,
      `-H 'Origin: https://app.example'`,
      `-H 'Content-Type: application/json'`,
      `-d '{"session":{"type":"realtime","model":"gpt-realtime-mini"}}'`,
    ].join(' \\\n  '),
  );
});

test('a key that may not mint shows what it may', ({ expect }) => {
  expect(toCurl(createKey({ scopes: ['sessions:report', 'models:read'] }), SECRET, HERE)).toContain(
    '/v1/models',
  );
  expect(toCurl(createKey({ scopes: ['sessions:report'] }), SECRET, HERE)).toBeNull();
});

test('the line for the environment is one line', ({ expect }) => {
  expect(toEnvLine(SECRET)).toBe('EPHEMERA_ACCESS_KEY=eph_live_secret');
});
