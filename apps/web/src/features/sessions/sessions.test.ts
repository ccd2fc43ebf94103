import { test } from 'vitest';

import { findRegionState } from '../../ui/region-state.ts';
import { findOutcome, isLapsed } from './outcome.ts';
import { findDuration } from './session-cells.tsx';
import { parseSessionState } from './session-types.ts';
import type { SessionSummary } from './session-types.ts';
import { createTimeline } from './timeline.ts';
import { parseUsage } from './usage.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

const ended: SessionSummary = {
  id: 'ses_1',
  state: 'ended',
  userId: 'usr_1',
  userName: 'Ada',
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
};

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
  const connected: SessionSummary = { ...ended, state: 'connected', endedAt: null, durationSeconds: null };
  expect(findDuration(connected, NOW)).toBe(98);
  expect(findDuration(connected, NOW + 2_000)).toBe(100);
  expect(findDuration(ended, NOW + 2_000)).toBe(88);
  expect(
    findDuration({ ...ended, state: 'issued', connectedAt: null, durationSeconds: null }, NOW),
  ).toBeNull();
});

test.for([
  [{}, 'reason.user'],
  [{ reason: 'page_closed' }, 'reason.page_closed'],
  [{ state: 'failed', endedBy: 'error', reason: 'microphone_denied' }, 'error.microphone_denied.title'],
  [{ endedBy: 'timeout' }, 'reason.timeout_limit'],
  [{ endedBy: 'error' }, 'reason.error'],
  [{ endedBy: 'error', reason: 'from_the_future' }, 'reason.unlisted'],
] as const)('the end of %o is told as %s', ([change, key], { expect }) => {
  expect(findOutcome({ ...ended, ...change }, NOW)?.key).toBe(key);
});

test('what has not ended has no outcome, until its secret runs out unused', ({ expect }) => {
  const issued: SessionSummary = {
    ...ended,
    state: 'issued',
    connectedAt: null,
    endedBy: null,
    expiresAt: at(5),
  };
  expect(findOutcome(issued, NOW)).toBeNull();
  expect(isLapsed(issued, NOW + 6_000)).toBe(true);
  expect(findOutcome(issued, NOW + 6_000)?.key).toBe('reason.never_connected');
});

test('the timeline ends with what is the case now', ({ expect }) => {
  const keys = (session: SessionSummary) => createTimeline(session, NOW).map(({ key }) => key);
  expect(keys(ended)).toEqual([
    'detail.timeline.issued',
    'detail.timeline.connected',
    'detail.timeline.ended',
  ]);
  expect(keys({ ...ended, state: 'connected' }).at(-1)).toBe('detail.timeline.running');
  expect(keys({ ...ended, state: 'issued', connectedAt: null })).toEqual([
    'detail.timeline.issued',
    'detail.timeline.waiting',
  ]);
  expect(createTimeline({ ...ended, state: 'failed', connectedAt: null }, NOW).at(-1)?.tone).toBe('failed');
});

test('usage keeps unknown apart from zero', ({ expect }) => {
  expect(parseUsage(null)).toBeNull();
  expect(parseUsage({})).toBeNull();
  const usage = parseUsage({
    input_tokens: 0,
    output_tokens: 12,
    input_token_details: { audio_tokens: 'many' },
  });
  expect(usage?.input).toEqual({ total: 0, audio: null, text: null, cached: null });
  expect(usage?.output.total).toBe(12);
});

test('a state in the address that does not exist is no filter', ({ expect }) => {
  expect(parseSessionState('failed')).toBe('failed');
  expect(parseSessionState('everything')).toBeNull();
  expect(parseSessionState(['failed'])).toBeNull();
});
