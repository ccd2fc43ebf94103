import { DatabaseOutageError, users } from '@ephemera/db';
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

test('a database that does not answer is worth another try, wherever in the causes it stands', ({
  expect,
}) => {
  const busy = Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
  const silent = new DatabaseOutageError('The database server did not answer.');
  for (const cause of [busy, silent, new Error('Failed query: select secret', { cause: silent })]) {
    const error = toAppError(cause);
    expect(error).toMatchObject({ code: 'unavailable', httpStatus: 503, details: { retryAfterSeconds: 1 } });
    expect(error.message).not.toContain('secret');
  }
  const constraint = Object.assign(new Error('UNIQUE'), { code: 'SQLITE_CONSTRAINT_UNIQUE' });
  expect(toAppError(constraint)).toMatchObject({ code: 'internal', httpStatus: 500 });
});

test('a named secret is taken out before the text is cut', ({ expect }) => {
  const text = `${'x'.repeat(985)} sk-CANARY-0123456789`;
  expect(describeError(new Error(text), 'sk-CANARY-0123456789')).not.toMatch(/sk-/);
  expect(describeError('not an error')).toBe('thrown string');
});
