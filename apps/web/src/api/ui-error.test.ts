import { test } from 'vitest';

import type { MessageKey } from '../i18n/dictionary.ts';
import { en } from '../i18n/en/en.ts';
import { ApiError } from './api-error.ts';
import { SignedOutError } from './token-source.ts';
import { isSignedOut, isWorthRetrying, toUiError } from './ui-error.ts';

const t = (key: MessageKey) => en[key];

function named(name: string, fields: object, cause?: unknown): Error {
  return Object.assign(new Error('internal words', { cause }), { name, ...fields });
}

const fromBroker = (appCode: string) =>
  named('TRPCClientError', { data: { appCode, requestId: 'req_1', httpStatus: 400 } });

test('a failure of the call is told by its code, with the request id', ({ expect }) => {
  const error = named('RealtimeError', { code: 'ice_failed', requestId: 'req_9' });
  expect(toUiError(error, t)).toEqual({
    code: 'ice_failed',
    title: 'No network path was found',
    cause: en['error.ice_failed.cause'],
    action: en['error.ice_failed.action'],
    requestId: 'req_9',
  });
});

test('a refused mint keeps its title and takes the reason from the broker', ({ expect }) => {
  const error = named('RealtimeError', { code: 'mint_refused', brokerCode: 'rate_limited' });
  const shown = toUiError(error, t);
  expect([shown.title, shown.cause]).toEqual(['The token was refused', en['error.rate_limited.cause']]);
});

test.for([
  ['forbidden', 'forbidden'],
  ['upstream_unreachable', 'provider_unreachable'],
  ['upstream_invalid', 'provider_error'],
  ['payload_too_large', 'invalid_request'],
  ['token_expired', 'unauthenticated'],
  ['a_code_of_tomorrow', 'internal'],
])('the broker’s %s reads as %s', ([appCode, code], { expect }) => {
  expect(toUiError(fromBroker(appCode ?? ''), t)).toMatchObject({ code, requestId: 'req_1' });
});

test('a server that does not answer is a network failure, also inside of tRPC', ({ expect }) => {
  const cause = new TypeError('Failed to fetch');
  expect(toUiError(cause, t).code).toBe('network');
  expect(toUiError(named('TRPCClientError', {}, cause), t).code).toBe('network');
});

test('a missing sign-in is recognised wherever it surfaces', ({ expect }) => {
  const signedOut = new SignedOutError('No sign-in');
  expect(isSignedOut(signedOut)).toBe(true);
  expect(isSignedOut(named('TRPCClientError', {}, signedOut))).toBe(true);
  expect(isSignedOut(fromBroker('unauthenticated'))).toBe(true);
  expect(isSignedOut(new ApiError(401, null))).toBe(true);
  expect(isSignedOut(fromBroker('forbidden'))).toBe(false);
});

test('only what may pass by itself is tried again', ({ expect }) => {
  expect(isWorthRetrying(new TypeError('Failed to fetch'))).toBe(true);
  expect(isWorthRetrying(fromBroker('not_found'))).toBe(false);
});

test('what is not an error has words too, and none of its own', ({ expect }) => {
  expect(toUiError('boom', t)).toMatchObject({ code: 'unknown', requestId: null });
  expect(toUiError(new Error('secret detail'), t).title).not.toContain('secret');
});
