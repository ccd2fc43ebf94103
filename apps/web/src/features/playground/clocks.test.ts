import type { SessionState } from '@ephemera/realtime-client';
import { test } from 'vitest';

import { readCallClock, readSecretClock } from './clocks.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

const secret = {
  sessionId: 'ses_1',
  model: 'gpt-realtime-2.1',
  secretExpiresAt: new Date(NOW + 60_000),
  warnings: [],
};

const connected: SessionState = {
  status: 'connected',
  secret,
  steps: [],
  connectedAt: new Date(NOW),
  callId: null,
  icePair: null,
  path: 'live',
};

test('the secret runs out while the call goes on', ({ expect }) => {
  expect(readSecretClock(connected, NOW + 10_000)).toEqual({ status: 'valid', seconds: 50 });
  expect(readSecretClock(connected, NOW + 61_000)).toEqual({ status: 'expired' });
  expect(readCallClock(connected, NOW + 61_000)).toBe(61);
});

test('before the mint neither clock shows a time', ({ expect }) => {
  const connecting: SessionState = { status: 'connecting', step: 'token', steps: [], secret: null };
  expect(readSecretClock(connecting, NOW)).toEqual({ status: 'none' });
  expect(readCallClock(connecting, NOW)).toBeNull();
  expect(readCallClock({ status: 'idle' }, NOW)).toBeNull();
});

test('after the end the call clock stands still', ({ expect }) => {
  const ended: SessionState = {
    status: 'ended',
    secret,
    steps: [],
    endedBy: 'user',
    reason: 'hung_up',
    error: null,
    durationSeconds: 12.5,
    messageCount: 3,
    usage: null,
  };
  expect(readCallClock(ended, NOW + 999_000)).toBe(12.5);
});

test('a clock that runs behind never shows a negative length', ({ expect }) => {
  expect(readCallClock(connected, NOW - 5_000)).toBe(0);
});
