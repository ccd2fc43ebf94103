import { test } from 'vitest';

import { findRegionState } from '../../ui/region-state.ts';
import { findOutcome, isLapsed } from './outcome.ts';
import { pinLive } from './pin-live.ts';
import { findCost } from './session-cost.ts';
import { findDuration, findTimeLeft } from './session-time.ts';
import { createSupportBundle } from './support-bundle.ts';
import type { SessionDetail, UsageEvent } from './session-types.ts';
import { createTimeline } from './timeline.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

const ended: SessionDetail = {
  id: 'ses_1',
  state: 'ended',
  userId: 'usr_1',
  userName: 'Ada Lovelace',
  model: 'gpt-realtime-2.1',
  voice: 'marin',
  kind: 'realtime',
  transport: 'webrtc',
  issuedAt: at(-100),
  expiresAt: at(500),
  connectedAt: at(-98),
  endedAt: at(-10),
  endedBy: 'user',
  reason: null,
  durationSeconds: 88,
  messageCount: 4,
  icePair: { local: 'host', remote: 'host', protocol: 'udp' },
  isDemo: false,
  accessKeyId: null,
  costMicroUsd: 31_200,
  costStatus: 'known',
  costSource: 'responses',
  limitSeconds: 1_800,
  deadlineAt: null,
  lastSeenAt: at(-12),
  usageEvents: [],
  cost: [],
  priceVersion: '2026-11-21',
  providerSessionId: 'sess_9',
  callId: 'rtc_9',
  requestId: 'req_1',
  usage: { said: 'nothing that support needs' },
  steps: [{ name: 'token', ms: 40 }],
  reportedDurationSeconds: 88,
  isDurationDisputed: false,
  attempts: [{ status: 200, code: null, durationMs: 31, keyId: 'pkey_1' }],
  mintMs: 40,
};

const running: SessionDetail = {
  ...ended,
  state: 'connected',
  endedAt: null,
  endedBy: null,
  durationSeconds: null,
  deadlineAt: at(60),
};

const neverUsed: SessionDetail = { ...ended, state: 'issued', connectedAt: null, endedBy: null };

function response(index: number): UsageEvent {
  return {
    eventId: `resp_${index}`,
    kind: 'response',
    model: 'gpt-realtime-2.1',
    at: at(-90 + index),
    textInput: 10,
    textCachedInput: 0,
    textOutput: 5,
    audioInput: 100,
    audioCachedInput: 0,
    audioOutput: 80,
    imageInput: 0,
    imageCachedInput: 0,
    seconds: 0,
    costMicroUsd: 2_000,
  };
}

const state = (count: number | null, isError: boolean, isFiltered: boolean) =>
  findRegionState({ count, isError, isFiltered });

test('a region shows exactly one of its five states', ({ expect }) => {
  expect(state(null, false, false)).toBe('loading');
  expect(state(null, true, false)).toBe('error');
  expect(state(0, false, false)).toBe('empty-first');
  expect(state(0, false, true)).toBe('empty-filtered');
  expect(state(3, false, true)).toBe('data');
});

test('a failed refresh leaves the rows that were there', ({ expect }) => {
  expect(findRegionState({ count: 3, isError: true, isFiltered: false })).toBe('data');
});

test('a connected call counts on, a finished one keeps its length', ({ expect }) => {
  expect(findDuration(running, NOW)).toBe(98);
  expect(findDuration(running, NOW + 2_000)).toBe(100);
  expect(findDuration(ended, NOW + 2_000)).toBe(88);
  expect(findDuration({ ...neverUsed, durationSeconds: null }, NOW)).toBeNull();
});

test('the time left runs to the server’s deadline and not below zero', ({ expect }) => {
  expect(findTimeLeft(running, NOW)).toBe(60);
  expect(findTimeLeft(running, NOW + 90_000)).toBe(0);
  expect(findTimeLeft(ended, NOW)).toBeNull();
  expect(findTimeLeft({ ...running, deadlineAt: null }, NOW)).toBeNull();
});

test.for([
  [{}, { kind: 'text', key: 'reason.user' }],
  [{ reason: 'page_closed' }, { kind: 'text', key: 'reason.page_closed' }],
  [
    { reason: 'never_connected', endedBy: 'timeout' },
    { kind: 'text', key: 'reason.never_connected' },
  ],
  [
    { state: 'failed', endedBy: 'error', reason: 'microphone_denied' },
    { kind: 'error', code: 'microphone_denied' },
  ],
  [{ endedBy: 'timeout' }, { kind: 'text', key: 'reason.timeout_limit' }],
  [{ endedBy: 'error' }, { kind: 'text', key: 'reason.error' }],
  [
    { endedBy: 'error', reason: 'from_the_future' },
    { kind: 'text', key: 'reason.unlisted', values: { reason: 'from_the_future' } },
  ],
] as const)('the end of %o is told as %o', ([change, outcome], { expect }) => {
  expect(findOutcome({ ...ended, ...change }, NOW)).toEqual(outcome);
});

test('what has not ended has no outcome, until its secret runs out unused', ({ expect }) => {
  const issued = { ...neverUsed, expiresAt: at(5) };
  expect(findOutcome(issued, NOW)).toBeNull();
  expect(isLapsed(issued, NOW + 6_000)).toBe(true);
  expect(findOutcome(issued, NOW + 6_000)).toEqual({ kind: 'text', key: 'reason.never_connected' });
});

test.for([
  [{}, 'known', 31_200, 'cost.responses'],
  [{ costStatus: 'estimated', costSource: 'duration' }, 'estimated', 31_200, 'cost.duration'],
  [{ costStatus: 'estimated', costSource: 'reported' }, 'estimated', 31_200, 'cost.reported'],
  [{ costStatus: 'estimated', costSource: 'worst_case' }, 'estimated', 31_200, 'cost.worst_case'],
  [{ costSource: 'an oracle' }, 'known', 31_200, 'cost.other'],
  [{ costMicroUsd: null, costStatus: 'unknown', costSource: null }, 'unknown', null, 'cost.unknown'],
  [{ costMicroUsd: null, costStatus: null, connectedAt: null }, 'unknown', null, 'cost.never'],
  [{ costMicroUsd: null, costStatus: null, state: 'connected' }, 'unknown', null, 'cost.pending'],
] as const)('a cost of %o is %s, %s, and says why', ([change, status, microUsd, key], { expect }) => {
  const cost = findCost({ ...ended, ...change });
  expect([cost.status, cost.microUsd, cost.hint.key]).toEqual([status, microUsd, key]);
});

function listKeys(session: SessionDetail, isWhole = false): string[] {
  return createTimeline(session, NOW, isWhole).map((entry) => {
    if (entry.kind === 'moment') return entry.key.replace('timeline.', '');
    return entry.kind === 'usage' ? entry.event.eventId : entry.kind;
  });
}

test('the timeline runs from the request over tries and responses to what is the case now', ({ expect }) => {
  const talk = { ...ended, usageEvents: [response(2), response(1)] };
  expect(listKeys(talk)).toEqual(['requested', 'try', 'issued', 'connected', 'resp_1', 'resp_2', 'ended']);
  expect(listKeys(running).at(-1)).toBe('running');
  expect(listKeys(neverUsed)).toEqual(['requested', 'try', 'issued', 'waiting']);
  expect(listKeys({ ...neverUsed, state: 'ended' }).at(-1)).toBe('lapsed');
  expect(listKeys({ ...neverUsed, state: 'admitted', expiresAt: null, attempts: [] })).toEqual([
    'requested',
    'admitted',
  ]);
});

test('a mint that no key could serve shows each of its tries and that no token came of it', ({ expect }) => {
  const attempts = [
    { status: 429, code: 'rate_limit_exceeded', durationMs: 20, keyId: 'pkey_1' },
    { status: null, code: 'upstream_timeout', durationMs: 8_000, keyId: 'pkey_2' },
  ];
  const refused: SessionDetail = { ...neverUsed, state: 'failed', expiresAt: null, attempts };
  expect(listKeys(refused)).toEqual(['requested', 'try', 'try', 'refused']);
  const tones = createTimeline(refused, NOW).map((entry) => 'tone' in entry && entry.tone);
  expect(tones).toEqual(['done', 'failed', 'failed', 'failed']);
});

test('a response stands at its time in the call', ({ expect }) => {
  const entry = createTimeline({ ...ended, usageEvents: [response(1)] }, NOW)[4];
  expect(entry).toMatchObject({ kind: 'usage', offsetSeconds: 9 });
});

test('of many responses the middle is folded until it is asked for', ({ expect }) => {
  const usageEvents = Array.from({ length: 40 }, (_, index) => response(index));
  const folded = createTimeline({ ...ended, usageEvents }, NOW);
  expect(folded.find(({ kind }) => kind === 'hidden')).toEqual({ kind: 'hidden', count: 30 });
  expect(folded.filter(({ kind }) => kind === 'usage')).toHaveLength(10);
  expect(
    createTimeline({ ...ended, usageEvents }, NOW, true).filter(({ kind }) => kind === 'usage'),
  ).toHaveLength(40);
});

test('the support bundle has ids and times, and neither a name nor what was reported freely', ({
  expect,
}) => {
  const text = createSupportBundle({ ...ended, usageEvents: [response(1)] }, NOW);
  const bundle = JSON.parse(text);
  expect(bundle.ids).toEqual({
    session: 'ses_1',
    providerSession: 'sess_9',
    call: 'rtc_9',
    request: 'req_1',
    user: 'usr_1',
    accessKey: null,
  });
  expect(bundle.times.connectedAt).toBe(at(-98));
  expect(bundle.usageEvents).toEqual([
    { eventId: 'resp_1', kind: 'response', at: at(-89), costMicroUsd: 2_000 },
  ]);
  expect(text).not.toContain('Lovelace');
  expect(text).not.toContain('nothing that support needs');
});

const row = (id: string, rowState: 'connected' | 'ended') => ({ id, state: rowState });

test('calls that run stand above the page, each once; one that has just ended keeps its place', ({
  expect,
}) => {
  const page = [row('d', 'ended'), row('c', 'connected'), row('b', 'ended')];
  const live = [row('c', 'connected'), row('b', 'connected'), row('a', 'connected')];
  expect(pinLive(live, page).map(({ id }) => id)).toEqual(['c', 'a', 'd', 'b']);
  expect(pinLive([], page)).toEqual(page);
});
