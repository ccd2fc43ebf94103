import { test } from 'vitest';

import {
  ASKED_BEATS,
  countHeard,
  createSlots,
  drawLine,
  findSpan,
  listMetrics,
  SLOTS,
} from './heartbeat-history.ts';
import type { Heartbeat } from './node-types.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const HOUR = 3_600_000;
const SLOT = (2 * HOUR) / SLOTS;

const beat = (agoMs: number, more: Partial<Heartbeat> = {}): Heartbeat => ({
  at: new Date(NOW - agoMs).toISOString(),
  status: 'healthy',
  metrics: {},
  ...more,
});

const span = { fromMs: NOW - 2 * HOUR, toMs: NOW };

test('two hours are shown, less where the newest ones do not reach as far back', ({ expect }) => {
  expect(findSpan({ items: [beat(0)] }, NOW)).toEqual(span);
  const often = Array.from({ length: ASKED_BEATS }, (_, index) => beat(index * 5_000));
  expect(findSpan({ items: often }, NOW).fromMs).toBe(NOW - (ASKED_BEATS - 1) * 5_000);
});

test('each part of the time says what was heard in it', ({ expect }) => {
  const beats = [beat(0), beat(10_000, { status: 'degraded' }), beat(SLOT * 1.5)];
  const slots = createSlots({ beats, span, registeredAtMs: NOW - SLOT * 3.5 });
  expect(slots).toHaveLength(SLOTS);
  expect(slots.slice(-4).map(({ state, beats: heard }) => [state, heard])).toEqual([
    ['none', 0],
    ['none', 0],
    ['good', 1],
    ['poor', 2],
  ]);
  expect(slots[0]?.state).toBe('before');
  expect(countHeard(slots)).toEqual({ heard: 2, known: 4 });
});

test('a beat a moment older than the time shown falls into no part of it', ({ expect }) => {
  const slots = createSlots({ beats: [beat(2 * HOUR + 1)], span, registeredAtMs: 0 });
  expect(countHeard(slots)).toEqual({ heard: 0, known: SLOTS });
});

test('measures are told apart, the well-known ones first, and at most six', ({ expect }) => {
  const metrics = { zeta: 1, memory_usage: 50, cpu_usage: 120, a: 1, b: 2, c: 3, d: 4 };
  const found = listMetrics([beat(0, { metrics: { ...metrics, cpu_usage: 40 } }), beat(30_000, { metrics })]);
  expect(found.map(({ name }) => name)).toEqual(['cpu_usage', 'memory_usage', 'a', 'b', 'c', 'd']);
  expect(found[0]).toMatchObject({ isPercent: false, last: 40 });
  expect(found[1]).toMatchObject({ isPercent: true, last: 50 });
  expect(found[0]?.points.map(({ value }) => value)).toEqual([120, 40]);
});

test('a line breaks where signs of life are missing, and a point by itself is a dot', ({ expect }) => {
  const box = { width: 100, height: 10 };
  const at = (agoMs: number, value: number) => beat(agoMs, { metrics: { cpu_usage: value } });
  const [metric] = listMetrics([at(0, 100), at(30_000, 0), at(HOUR, 50), at(3 * HOUR, 1)]);
  const line = metric === undefined ? '' : drawLine(metric, { span, box, gapMs: 90_000 });
  expect(line).toBe('M50.0 5.0h0M99.6 10.0h0L100.0 0.0');
  const [zero] = listMetrics([beat(0, { metrics: { idle: 0 } })]);
  expect(zero === undefined ? '' : drawLine(zero, { span, box, gapMs: 1 })).toBe('M100.0 10.0h0');
});
