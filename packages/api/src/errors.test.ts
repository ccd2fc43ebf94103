import { users } from '@ephemera/db';
import { createTestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { AppError, describeError, toAppError } from './errors.ts';

test('a failed query is described without its parameters', async ({ expect }) => {
  await using database = await createTestDatabase();
  const row = {
    id: 'u1',
    name: 'canary-name',
    email: 'canary@demo.test',
    createdAt: new Date(),
    updatedAt: new Date(),
  };
  await database.orm.insert(users).values(row);
  const error: unknown = await database.orm
    .insert(users)
    .values(row)
    .catch((reason: unknown) => reason);
  expect(String(error)).toContain('canary'); // what we must not repeat
  const described = describeError(error);
  expect(described).toMatch(/SQLITE_CONSTRAINT/);
  expect(described).not.toContain('canary');
  expect(toAppError(error).message).not.toContain('canary');
});

test('an unknown error becomes internal and keeps its text to itself', ({ expect }) => {
  const error = toAppError(new Error('secret path /srv/app'));
  expect(error).toMatchObject({ code: 'internal', httpStatus: 500 });
  expect(error.message).not.toContain('/srv');
  const known = new AppError('not_found', 'There is no such session.');
  expect(toAppError(known)).toBe(known);
});

test('a named secret is taken out before the text is cut', ({ expect }) => {
  const text = `${'x'.repeat(985)} sk-CANARY-0123456789`;
  expect(describeError(new Error(text), 'sk-CANARY-0123456789')).not.toMatch(/sk-/);
  expect(describeError('not an error')).toBe('thrown string');
});
