import { test } from 'vitest';

import { createFakeBroker } from '../../test/fake-broker.ts';
import { createFakeClock, settle } from '../../test/fake-clock.ts';
import type { Broker, UsageEvent, UsageReport } from '../broker/broker.ts';
import { RealtimeError } from '../errors.ts';
import type { SessionWarning } from './events.ts';
import { createUsageQueue } from './usage-queue.ts';

function response(id: number | string): UsageEvent {
  return { eventId: `resp_${id}`, kind: 'response', usage: { total_tokens: 1 } };
}

/** The requests, each with the numbers of its events. */
function ids(reports: readonly UsageReport[]): string[] {
  return reports.map(({ events }) => events.map(({ eventId }) => eventId.replace('resp_', '')).join(' '));
}

function createQueue(overrides: Partial<Broker> = {}) {
  const clock = createFakeClock();
  const warnings: SessionWarning[] = [];
  const broker = createFakeBroker(overrides);
  const warn = (warning: SessionWarning) => warnings.push(warning);
  const queue = createUsageQueue({ broker, clock, sessionId: 'ses_1', warn });
  return { queue, clock, broker, warnings, sent: () => ids(broker.usage) };
}

function away(): Promise<never> {
  return Promise.reject(new RealtimeError('broker_unreachable', 'gone'));
}

test('what comes within a second goes out together', async ({ expect }) => {
  const { queue, clock, sent } = createQueue();
  queue.add(response(1));
  await clock.advance(600);
  queue.add(response(2));
  expect(sent()).toEqual([]);
  await clock.advance(400);
  await settle();
  expect(sent()).toEqual(['1 2']);
  queue.add(response(3));
  await clock.advance(1_000);
  await settle();
  expect(sent()).toEqual(['1 2', '3']);
  expect(clock.pendingTimers).toBe(0);
});

test('the end waits for nobody', async ({ expect }) => {
  const { queue, clock, sent } = createQueue();
  queue.add(response(1));
  await queue.finish();
  expect(sent()).toEqual(['1']);
  queue.add(response(2));
  expect(clock.pendingTimers).toBe(0);
});

test('an outage is survived, in order and with growing pauses', async ({ expect }) => {
  const tries: number[] = [];
  const clockOf: { now?: () => number } = {};
  let isAway = true;
  const delivered: UsageReport[] = [];
  const { queue, clock, warnings } = createQueue({
    reportUsage(report) {
      tries.push(clockOf.now?.() ?? 0);
      if (isAway) return away();
      delivered.push(report);
      return Promise.resolve();
    },
  });
  clockOf.now = () => clock.monotonicMs();
  queue.add(response(1));
  await clock.advance(90_000);
  queue.add(response(2));
  expect(tries).toEqual([1_000, 3_000, 8_000, 23_000, 53_000, 83_000]);
  isAway = false;
  await clock.advance(30_000);
  await settle();
  expect(ids(delivered)).toEqual(['1 2']);
  expect(warnings).toEqual([]);
});

test('what cannot be delivered at the end is given up, and said', async ({ expect }) => {
  const { queue, clock, warnings } = createQueue({ reportUsage: away });
  queue.add(response(1));
  const finished = queue.finish();
  await clock.advance(5_000);
  await finished;
  expect(warnings.map(({ code }) => code)).toEqual(['usage_not_reported']);
});

test('an event that the broker refuses takes no other with it', async ({ expect }) => {
  const delivered: UsageReport[] = [];
  const { queue, warnings } = createQueue({
    reportUsage(report) {
      if (report.events.some(({ eventId }) => eventId === 'resp_bad')) {
        return Promise.reject(new RealtimeError('report_refused', 'no', { isRetryable: false }));
      }
      delivered.push(report);
      return Promise.resolve();
    },
  });
  for (const id of [1, 'bad', 2, 3]) queue.add(response(id));
  await queue.finish();
  expect(ids(delivered).join(' ')).toBe('1 2 3');
  expect(warnings.map(({ code }) => code)).toEqual(['usage_not_reported']);
});

test('no more than 64 at once, and no more than 512 in memory', async ({ expect }) => {
  const { queue, broker, warnings } = createQueue();
  for (let id = 0; id < 513; id += 1) queue.add(response(id));
  expect(warnings).toHaveLength(1);
  await queue.finish();
  expect(broker.usage.map(({ events }) => events.length)).toEqual(Array.from({ length: 8 }, () => 64));
  expect(broker.usage[0]?.events[0]?.eventId).toBe('resp_1');
});

test('a page that goes away hands over what is left, at once', ({ expect }) => {
  const { queue, broker, clock } = createQueue();
  queue.add(response(1));
  queue.finishOnClose();
  expect(ids(broker.usageBeacons)).toEqual(['1']);
  expect(clock.pendingTimers).toBe(0);
});
