import { test } from 'vitest';

import {
  countRestrictions,
  findChanges,
  findFormProblem,
  findRefusedField,
  NEW_KEY,
  parseOrigins,
  toForm,
  toSettings,
} from './key-form.ts';
import type { KeyForm } from './key-form.ts';
import { createKey } from './test-key.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const form: KeyForm = { ...NEW_KEY, name: ' Checkout ' };

test('a new key is sent with what is set, and null for what the server decides', ({ expect }) => {
  expect(findFormProblem(form, NOW)).toBeNull();
  expect(toSettings(form, NOW)).toEqual({
    name: 'Checkout',
    scopes: ['tokens:mint', 'models:read', 'sessions:report'],
    allowedModels: null,
    allowedOrigins: null,
    expiresAt: '2027-02-20T12:00:00.000Z',
    mintsPerMinute: null,
    maxOpenSessions: null,
    maxTtlSeconds: null,
    maxSessionSeconds: null,
  });
  expect(toSettings({ ...form, expiry: 'never' }, NOW).expiresAt).toBeNull();
});

test('the last day of a key is a whole day of the reader’s calendar', ({ expect }) => {
  const { expiresAt } = toSettings({ ...form, expiry: 'date', date: '2026-12-31' }, NOW);
  expect(new Date(expiresAt ?? 0).toTimeString()).toContain('23:59:59');
});

test.for([
  [{ name: '  ' }, 'name', 'missing.name'],
  [{ scopes: [] }, 'scopes', 'missing.scopes'],
  [{ expiry: 'date', date: '' }, 'expiresAt', 'missing.date'],
  [{ expiry: 'date', date: '2026-01-01' }, 'expiresAt', 'wrong.expiresAt'],
  [{ mintsPerMinute: '0' }, 'mintsPerMinute', 'wrong.mintsPerMinute'],
  [{ maxOpenSessions: '1.5' }, 'maxOpenSessions', 'wrong.maxOpenSessions'],
  [{ maxTtlSeconds: '9' }, 'maxTtlSeconds', 'wrong.maxTtlSeconds'],
  [{ maxSessionSeconds: '3601' }, 'maxSessionSeconds', 'wrong.maxSessionSeconds'],
] as const)('%o is found before anything is sent', ([change, field, message], { expect }) => {
  expect(findFormProblem({ ...form, ...change }, NOW)).toEqual({ field, message });
});

test('origins are read one a line or by commas, each once and without the slash of the address bar', ({
  expect,
}) => {
  expect(parseOrigins(' https://a.example/\nhttps://b.example, https://a.example ')).toEqual([
    'https://a.example',
    'https://b.example',
  ]);
});

test('an edit sends what was changed and nothing else', ({ expect }) => {
  const before = toForm(
    createKey({ expiresAt: '2026-12-24T10:00:00.000Z', allowedModels: ['gpt-realtime'] }),
  );
  expect(findChanges(before, before, NOW)).toEqual({});
  expect(findChanges(before, { ...before, models: [], mintsPerMinute: '5' }, NOW)).toEqual({
    allowedModels: null,
    mintsPerMinute: 5,
  });
  expect(findChanges(before, { ...before, expiry: 'never' }, NOW)).toEqual({ expiresAt: null });
});

test('the folded settings say how many of them are set', ({ expect }) => {
  expect(countRestrictions(form)).toBe(0);
  expect(
    countRestrictions({ ...form, models: ['a', 'b'], origins: 'https://a.example', maxTtlSeconds: '60' }),
  ).toBe(3);
});

const refuse = (param: string) => ({ data: { appCode: 'invalid_request', details: { param } } });

test('a refusal is told at the field it is about', ({ expect }) => {
  expect(findRefusedField(refuse('allowedOrigins.2'))?.field).toBe('allowedOrigins');
  expect(findRefusedField(refuse('scopes'))?.message).toBe('wrong.scopes');
  expect(findRefusedField(refuse('id'))).toBeNull();
  expect(findRefusedField(new Error('offline'))).toBeNull();
});
