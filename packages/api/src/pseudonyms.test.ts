import { createHmac } from 'node:crypto';

import { test } from 'vitest';

import { createPseudonyms } from './pseudonyms.ts';

const SECRET = 'a secret of the tests, long enough';

test('the safety identifier is the HMAC-SHA256 of the user id, in hex', async ({ expect }) => {
  const pseudonyms = createPseudonyms(SECRET);
  const expected = createHmac('sha256', SECRET).update('user-ada').digest('hex');
  expect(await pseudonyms.safetyIdentifierOf('user-ada')).toBe(expected);
  expect(await pseudonyms.safetyIdentifierOf('user-ada')).toBe(expected);
});

test('one user has another name at the TURN server, stable and without a colon', async ({ expect }) => {
  const pseudonyms = createPseudonyms(SECRET);
  const name = await pseudonyms.turnUserOf('user-ada');
  expect(name).toMatch(/^[0-9a-f]{32}$/);
  expect(await createPseudonyms(SECRET).turnUserOf('user-ada')).toBe(name);
  expect(await pseudonyms.safetyIdentifierOf('user-ada')).not.toContain(name);
  expect(await pseudonyms.turnUserOf('user-bob')).not.toBe(name);
});
