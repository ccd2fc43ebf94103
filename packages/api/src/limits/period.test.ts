import { test } from 'vitest';

import type { BudgetPeriod } from './period.ts';
import { isTimeZone, periodOf } from './period.ts';

type Case = { name: string; period: BudgetPeriod; zone: string; now: string; start: string; end: string };

const CASES: readonly Case[] = [
  {
    name: 'a day in UTC',
    period: 'daily',
    zone: 'UTC',
    now: '2026-11-22T05:00:00Z',
    start: '2026-11-22T00:00:00Z',
    end: '2026-11-23T00:00:00Z',
  },
  {
    name: 'a day of 23 hours in Berlin',
    period: 'daily',
    zone: 'Europe/Berlin',
    now: '2026-03-29T12:00:00Z',
    start: '2026-03-28T23:00:00Z',
    end: '2026-03-29T22:00:00Z',
  },
  {
    name: 'a day of 25 hours in New York',
    period: 'daily',
    zone: 'America/New_York',
    now: '2026-11-02T04:59:59.999Z',
    start: '2026-11-01T04:00:00Z',
    end: '2026-11-02T05:00:00Z',
  },
  {
    name: 'a day whose midnight the clocks skip',
    period: 'daily',
    zone: 'Africa/Cairo',
    now: '2026-04-24T10:00:00Z',
    start: '2026-04-23T22:00:00Z',
    end: '2026-04-24T21:00:00Z',
  },
  {
    name: 'the day before the midnight that is skipped',
    period: 'daily',
    zone: 'Africa/Cairo',
    now: '2026-04-23T21:59:59.999Z',
    start: '2026-04-22T22:00:00Z',
    end: '2026-04-23T22:00:00Z',
  },
  {
    name: 'a day whose midnight comes twice begins the first time',
    period: 'daily',
    zone: 'America/Havana',
    now: '2026-11-01T04:30:00Z',
    start: '2026-11-01T04:00:00Z',
    end: '2026-11-02T05:00:00Z',
  },
  {
    name: 'a week begins on Monday, also on a Sunday',
    period: 'weekly',
    zone: 'Asia/Seoul',
    now: '2026-11-22T05:00:00Z',
    start: '2026-11-15T15:00:00Z',
    end: '2026-11-22T15:00:00Z',
  },
  {
    name: 'a week over the change of a month',
    period: 'weekly',
    zone: 'UTC',
    now: '2026-12-01T00:00:00Z',
    start: '2026-11-30T00:00:00Z',
    end: '2026-12-07T00:00:00Z',
  },
  {
    name: 'a month with a change of the clocks',
    period: 'monthly',
    zone: 'Europe/Paris',
    now: '2026-10-31T22:59:59Z',
    start: '2026-09-30T22:00:00Z',
    end: '2026-10-31T23:00:00Z',
  },
  {
    name: 'the last month of a year',
    period: 'monthly',
    zone: 'Asia/Kathmandu',
    now: '2026-12-31T18:14:59Z',
    start: '2026-11-30T18:15:00Z',
    end: '2026-12-31T18:15:00Z',
  },
  {
    name: 'a zone of half hours whose clocks move by half an hour',
    period: 'daily',
    zone: 'Australia/Lord_Howe',
    now: '2026-10-04T00:00:00Z',
    start: '2026-10-03T13:30:00Z',
    end: '2026-10-04T13:00:00Z',
  },
];

for (const { name, period, zone, now, start, end } of CASES) {
  test(`a period: ${name}`, ({ expect }) => {
    const { startMs, endMs } = periodOf(period, zone, Date.parse(now));
    expect(new Date(startMs).toISOString()).toBe(new Date(start).toISOString());
    expect(new Date(endMs).toISOString()).toBe(new Date(end).toISOString());
  });
}

test('periods follow each other without a gap for two years, whatever the clocks do', ({ expect }) => {
  for (const zone of ['America/Sao_Paulo', 'Africa/Cairo', 'Asia/Beirut', 'America/Havana', 'Pacific/Apia']) {
    for (const period of ['daily', 'weekly', 'monthly'] as const) {
      let atMs = periodOf(period, zone, Date.UTC(2026, 0, 1)).startMs;
      while (atMs < Date.UTC(2028, 0, 1)) {
        const { startMs, endMs } = periodOf(period, zone, atMs);
        expect(startMs).toBe(atMs);
        expect(periodOf(period, zone, endMs - 1)).toEqual({ startMs, endMs });
        atMs = endMs;
      }
    }
  }
});

test('a name that no runtime knows is no time zone', ({ expect }) => {
  expect(isTimeZone('Europe/Berlin')).toBe(true);
  expect(isTimeZone('Mars/Olympus_Mons')).toBe(false);
});
