import { expect, test } from 'vitest';

import { looksLikeKey } from '../src/looks-like-key.ts';

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
])('%s is none', (word) => {
  expect(looksLikeKey(word)).toBe(false);
});
