import { test } from 'vitest';

import { findAge } from './age.ts';
import { runRewrap } from './rewrap.ts';
import type { RewrapState } from './rewrap.ts';
import { placeSeries } from './sparkline.tsx';
import { createBuckets, sumBuckets } from './usage-buckets.ts';

const NOW = Date.parse('2026-11-22T12:30:00Z');
const HOUR_MS = 3_600_000;
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

test('the sparkline ends with the hour that runs', ({ expect }) => {
  const bars = placeSeries([0, 0, 4], NOW);
  const thisHour = Date.parse('2026-11-22T12:00:00Z');
  expect(bars.map(({ at: hour }) => hour)).toEqual([thisHour - 2 * HOUR_MS, thisHour - HOUR_MS, thisHour]);
  expect(bars.at(-1)?.errors).toBe(4);
});

test('a day has a bar an hour, a month one a day, and no request is lost between them', ({ expect }) => {
  const hours = Array.from({ length: 744 }, (_, index) => ({
    start: new Date(Date.parse('2026-11-22T12:00:00Z') - index * HOUR_MS).toISOString(),
    uses: 3,
    errors: 1,
  }));
  const day = createBuckets(hours.slice(0, 24), 24, NOW);
  expect([day.length, sumBuckets(day)]).toEqual([24, { uses: 72, errors: 24 }]);
  const month = createBuckets(hours, 744, NOW);
  expect([month.length >= 31 && month.length <= 33, sumBuckets(month).uses]).toEqual([true, 2_232]);
  const starts = month.map(({ start }) => start.getTime());
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
});

test('a range without requests still has all of its bars', ({ expect }) => {
  const week = createBuckets([], 168, NOW);
  expect(week.length).toBeGreaterThanOrEqual(28);
  expect(sumBuckets(week)).toEqual({ uses: 0, errors: 0 });
});

async function rewrapWith(
  answers: readonly { rewrapped: number; remaining: number }[],
  isStopped = () => false,
) {
  const states: RewrapState[] = [];
  const queue = [...answers];
  await runRewrap({
    total: 5,
    rewrap: () => Promise.resolve({ ...(queue.shift() ?? { rewrapped: 0, remaining: 0 }), failed: [] }),
    isStopped,
    onState: (state) => states.push(state),
  });
  return { states, asked: answers.length - queue.length };
}

test('a rewrap runs until nothing is left, and shows how far it is', async ({ expect }) => {
  const { states } = await rewrapWith([
    { rewrapped: 3, remaining: 2 },
    { rewrapped: 2, remaining: 0 },
  ]);
  expect(states).toEqual([
    { status: 'running', done: 0, total: 5 },
    { status: 'running', done: 3, total: 5 },
    { status: 'finished', done: 5, failed: 0 },
  ]);
});

test('rows that cannot be rewrapped end the job instead of running it for ever', async ({ expect }) => {
  const { states, asked } = await rewrapWith([
    { rewrapped: 0, remaining: 2 },
    { rewrapped: 0, remaining: 2 },
  ]);
  expect(states.at(-1)).toEqual({ status: 'finished', done: 0, failed: 2 });
  expect(asked).toBe(1);
});

test('a stopped rewrap keeps what it has done', async ({ expect }) => {
  const { states } = await rewrapWith([{ rewrapped: 3, remaining: 2 }], () => true);
  expect(states.at(-1)).toEqual({ status: 'stopped', done: 3, total: 5 });
});

test.for([
  [-20, { unit: 'now', count: 0 }],
  [-180, { unit: 'minute', count: 3 }],
  [-7_200, { unit: 'hour', count: 2 }],
  [-86_400 * 12, { unit: 'day', count: 12 }],
] as const)('what was made %i seconds ago is %o old', ([seconds, age], { expect }) => {
  expect(findAge(at(seconds), NOW)).toEqual(age);
});
