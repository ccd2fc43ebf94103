import { test } from 'vitest';

import { ApiError } from '../../api/api-error.ts';
import { findFactorFailure, isWholeCode } from '../sign-in/second-factor.ts';
import { findSetupFailure, findSetupProblem } from '../setup/setup-form.ts';
import { findLock, isLocked } from './lock.ts';
import { readTotpKey } from './otpauth.ts';
import { findEmailProblem, findPasswordProblem, suggestPassword } from './password-rules.ts';
import { readDevice } from './user-agent.ts';

const NOW = 1_800_000_000_000;

test.for([
  ['', 'missing.password'],
  ['eleven char', 'wrong.passwordShort'],
  ['x'.repeat(257), 'wrong.passwordLong'],
  ['abcabcabcabcabc', 'wrong.passwordSimple'],
  ['Ada@Example.com', 'wrong.passwordIsEmail'],
  ['four words in a row', null],
] as const)('the password %o is %o', ([password, problem], { expect }) => {
  expect(findPasswordProblem(password, 'ada@example.com')).toBe(problem);
});

test('a suggested password passes the rules, and favours no letter', ({ expect }) => {
  let next = 0;
  const password = suggestPassword((bytes) => bytes.forEach((_, at) => (bytes[at] = next++ % 256)));
  expect(password).toMatch(/^\w{5}(-\w{5}){3}$/);
  expect(findPasswordProblem(password, '')).toBeNull();
  const top = suggestPassword((bytes) => bytes.forEach((_, at) => (bytes[at] = at < 40 ? 255 : at)));
  expect(top.startsWith('T')).toBe(false);
});

test('an address without a host is no email address', ({ expect }) => {
  expect(['', 'ada', 'ada@', 'ada@example.com'].map(findEmailProblem)).toEqual([
    'missing.email',
    'wrong.email',
    'wrong.email',
    null,
  ]);
});

test('a lock says until when; one of a second is no lock, and one without a time never blocks', ({
  expect,
}) => {
  const lock = findLock(new ApiError(429, 'rate_limited', { retryAfterSeconds: 90 }), NOW);
  expect(lock).toEqual({ untilMs: NOW + 90_000 });
  expect([isLocked(lock, NOW + 89_000), isLocked(lock, NOW + 90_000)]).toEqual([true, false]);
  expect(findLock(new ApiError(429, 'rate_limited', { retryAfterSeconds: 1 }), NOW)).toBeNull();
  expect(isLocked(findLock(new ApiError(429, null), NOW), NOW)).toBe(false);
  expect(findLock(new ApiError(401, null), NOW)).toBeNull();
});

test.for([
  [new ApiError(401, 'INVALID_CODE'), 'wrong'],
  [new ApiError(401, 'INVALID_BACKUP_CODE'), 'wrong'],
  [new ApiError(401, 'INVALID_TWO_FACTOR_COOKIE'), 'expired'],
  [new ApiError(400, 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE'), 'expired'],
  [new ApiError(429, 'ACCOUNT_TEMPORARILY_LOCKED'), 'locked'],
  [new ApiError(500, null), 'failed'],
  [new TypeError('offline'), 'failed'],
] as const)('a code refused with %o is %s', ([error, kind], { expect }) => {
  expect(findFactorFailure(error, NOW).kind).toBe(kind);
});

test('six digits are a whole code, however they are grouped', ({ expect }) => {
  expect(isWholeCode({ kind: 'totp', code: '123 456' })).toBe(true);
  expect(isWholeCode({ kind: 'totp', code: '12345' })).toBe(false);
  expect(isWholeCode({ kind: 'backup_code', code: '123456' })).toBe(false);
});

test('the key of an authenticator app can be typed in groups', ({ expect }) => {
  expect(readTotpKey('otpauth://totp/Ephemera:ada?secret=ABCDEFGHIJ&issuer=Ephemera')).toBe('ABCD EFGH IJ');
  expect(readTotpKey('nonsense')).toBe('');
});

const input = { token: 't', name: 'Ada', email: 'ada@example.com', password: 'four words in a row' };

test.for([
  [{ token: ' ' }, 'token'],
  [{ name: '' }, 'name'],
  [{ email: 'ada' }, 'email'],
  [{ password: 'short' }, 'password'],
] as const)('a set-up with %o is stopped at the field', ([change, field], { expect }) => {
  expect(findSetupProblem({ ...input, ...change })?.field).toBe(field);
  expect(findSetupProblem(input)).toBeNull();
});

const refuse = (status: number, param?: string) =>
  findSetupFailure(new ApiError(status, null, param === undefined ? {} : { param }));

test('a refused set-up is told where it went wrong', ({ expect }) => {
  expect(refuse(401)).toMatchObject({ kind: 'field', problem: { field: 'token' } });
  expect(refuse(400, 'password')).toMatchObject({ kind: 'field', problem: { field: 'password' } });
  expect(refuse(409, 'email')).toMatchObject({ problem: { message: 'wrong.emailTaken' } });
  expect(refuse(409).kind).toBe('done');
  expect(refuse(500).kind).toBe('failed');
});

test.for([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
    'Chrome',
    'Linux',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0',
    'Edge',
    'Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile Safari/604.1',
    'Safari',
    'iPhone',
  ],
  ['Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0', 'Firefox', 'Android'],
] as const)('%s is read', ([userAgent, browser, system], { expect }) => {
  expect(readDevice(userAgent)).toEqual({ browser, system });
});

test('a user agent that says nothing is no device', ({ expect }) => {
  expect([readDevice(null), readDevice('bot')]).toEqual([null, null]);
});
