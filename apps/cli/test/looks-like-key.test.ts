import { expect, test } from 'vitest';

import { looksLikeKey, looksLikeKeyInPath } from '../src/looks-like-key.ts';

test.each([
  'sk-proj-abcdefghijkl',
  'sk-ant-api03-abcdefgh',
  'AIzaSyA-1234567890',
  'gsk_abcdefghijklm',
  'eph_live_abcdefgh',
  'eyJhbGciOiJSUzI1NiJ9',
  '0123456789abcdef0123456789abcdef',
  '123e4567-e89b-12d3-a456-426614174000',
  'Zm9vYmFyMTIz+Zm9vYmFyMTIzZm9v==',
  'a1-B2c3D4e5-F6g7H8i9_J0k1L2m3N4',
  'foo:sk-proj-abcdefghijkl',
  'sk-abc.defghijkl',
  'x sk-proj-abcdefghijkl',
  'prod-1-sk-proj-abcdefghijkl',
  'pkey_sk-proj-abcdefghijkl',
  '"AIzaSyA-1234567890"',
  'key=eyJhbGciOiJSUzI1NiJ9',
  'mine/0123456789abcdef0123456789abcdef',
  'id 123e4567-e89b-12d3-a456-426614174000.',
])('%s may be a key', (word) => {
  expect(looksLikeKey(word)).toBe(true);
});

test.each([
  'pkey_01m80h64baecbac6k2rrns2wfq',
  'prod-1',
  'production-gemini-europe-west1-2026',
  'Production-Key-2026-Gemini-EU1',
  'gemini 2026-11-22',
  'GEMINI_API_KEY',
  '--overlap',
  '15m',
  'proj_abc',
  'proj_AbCdEfGhIjKlMnOpQrStUv12',
  'org-AbCdEfGhIjKlMnOpQrStUv12',
  'pkey_env_0123456789abcdef',
  'the task-force of Ghent, 2026-11-22',
])('%s is none', (word) => {
  expect(looksLikeKey(word)).toBe(false);
});

test.each([
  ['/tmp/0123456789abcdef0123456789abcdef/.env', false],
  ['sk-frontend-app/.env.local', false],
  ['sk-proj-abcdefghijklmnopqrstuvwx', true],
  ['../envs/AIzaSyA-1234567890-1234567890-12', true],
])('the path %s holds a key: %s', (path, holds) => {
  expect(looksLikeKeyInPath(path)).toBe(holds);
});
