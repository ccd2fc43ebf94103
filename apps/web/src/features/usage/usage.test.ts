import { describe, test } from 'vitest';

import { addDays, countDays, dayOf, parseDay, startOfDay } from '../../i18n/calendar-day.ts';
import { createUsageCsv } from './usage-csv.ts';
import {
  addSums,
  costOf,
  findChange,
  findEstimatedShare,
  NO_SUMS,
  pickChartGroups,
  splitCost,
  valueOf,
} from './usage-figures.ts';
import { sortRows, toggleSort } from './usage-sort.ts';
import { createUsageInput, isRunning } from './usage-span.ts';
import type { UsageSums } from './usage-types.ts';
import { findGroupHref } from './usage-words.ts';
import { listIntervals, moveRange, parseUsageView, toCustomRange, toUsageSearch } from './usage-view.ts';

const NOW = Date.parse('2026-11-22T14:25:00Z');
const ZONE = { nowMs: NOW, timeZone: 'Europe/Paris' };

const sums = (part: Partial<UsageSums>): UsageSums => ({ ...NO_SUMS, ...part });
const group = (id: string, ...costs: number[]) => ({
  id,
  label: id.toUpperCase(),
  rows: costs.map((knownMicroUsd) => sums({ knownMicroUsd, sessions: 1 })),
});

const ask = (search: Parameters<typeof parseUsageView>[0]) => createUsageInput(parseUsageView(search), ZONE);
const row = (id: string, sessions: number) => ({ id, name: id, order: id, sums: sums({ sessions }) });

describe('the address', () => {
  test('an empty one is thirty days by model in money, and the usual view is an empty address', ({
    expect,
  }) => {
    const view = parseUsageView({});
    expect(view).toEqual({
      range: { kind: '30d' },
      zone: 'local',
      interval: 'day',
      group: 'model',
      metric: 'cost',
      sort: { by: 'cost', direction: 'descending' },
    });
    expect(Object.values(toUsageSearch(view)).filter((part) => part !== undefined)).toEqual([]);
  });

  test('every view can be sent as an address and comes back the same', ({ expect }) => {
    const search = {
      range: 'custom',
      from: '2026-10-01',
      to: '2026-11-15',
      zone: 'utc',
      interval: 'month',
      group: 'access_key',
      metric: 'tokens',
      sort: 'name',
      order: 'ascending',
    };
    expect(toUsageSearch(parseUsageView(search))).toEqual(search);
  });

  test('without groups the newest stands first', ({ expect }) => {
    const view = parseUsageView({ group: 'none' });
    expect(view.sort).toEqual({ by: 'name', direction: 'descending' });
    expect(toUsageSearch(view).sort).toBeUndefined();
  });

  test.for([
    [{ range: 'decade', zone: 'moon', group: 'cat', metric: 'joy', sort: 'luck', order: 'up' }],
    [{ range: 'custom' }],
    [{ range: 'custom', from: '2026-02-30', to: '2026-03-01' }],
    [{ range: 'custom', from: '2026-11-02', to: '2026-11-01' }],
    [{ range: 'custom', from: '0001-01-01', to: '2026-11-01' }],
    [{ range: ['7d', '24h'] }],
  ])('what does not exist is as usual: %o', ([search], { expect }) => {
    expect(parseUsageView(search ?? {})).toEqual(parseUsageView({}));
  });

  test('bars are no more than an eye can tell apart', ({ expect }) => {
    expect(listIntervals({ kind: '24h' })).toEqual(['hour']);
    expect(listIntervals({ kind: '7d' })).toEqual(['day', 'hour']);
    expect(listIntervals({ kind: '90d' })).toEqual(['day', 'month']);
    expect(listIntervals({ kind: 'custom', from: '2024-01-01', to: '2026-01-01' })).toEqual(['month']);
    expect(parseUsageView({ range: '90d', interval: 'hour' }).interval).toBe('day');
  });

  test('a range of one’s own begins with the days that were shown, and its ends never cross', ({
    expect,
  }) => {
    const week = toCustomRange({ kind: '7d' }, '2026-11-22');
    expect(week).toEqual({ kind: 'custom', from: '2026-11-16', to: '2026-11-22' });
    const range = { kind: 'custom', from: '2026-11-10', to: '2026-11-20' } as const;
    expect(moveRange(range, { from: '2026-11-25' })).toEqual({
      ...range,
      from: '2026-11-25',
      to: '2026-11-25',
    });
    expect(moveRange(range, { to: '2026-11-01' })).toEqual({
      ...range,
      from: '2026-11-01',
      to: '2026-11-01',
    });
    expect(moveRange(range, { to: '' })).toEqual(range);
  });
});

describe('days', () => {
  test('only days that exist are days', ({ expect }) => {
    expect(['2026-02-28', '2026-02-29', '2026-13-01', '26-1-1', 7].map(parseDay)).toEqual([
      '2026-02-28',
      null,
      null,
      null,
      null,
    ]);
  });

  test('they are counted with both ends, over the end of a month', ({ expect }) => {
    expect(addDays('2026-02-27', 2)).toBe('2026-03-01');
    expect(countDays('2026-02-27', '2026-03-01')).toBe(3);
  });

  test('a day begins at midnight of its zone', ({ expect }) => {
    expect(startOfDay('2026-11-22', 'utc').toISOString()).toBe('2026-11-22T00:00:00.000Z');
    expect(startOfDay('2026-11-22', 'local').getHours()).toBe(0);
    expect(dayOf(startOfDay('2026-11-22', 'local'), 'local')).toBe('2026-11-22');
    expect(dayOf(new Date('2026-11-22T23:59:59Z'), 'utc')).toBe('2026-11-22');
  });
});

describe('the question to the server', () => {
  test('is the same for a whole hour, so that the answer is refreshed and not lost', ({ expect }) => {
    const view = parseUsageView({ range: '24h' });
    const later = createUsageInput(view, { ...ZONE, nowMs: NOW + 30 * 60_000 });
    expect(createUsageInput(view, ZONE)).toEqual(later);
    expect(later).toMatchObject({ from: '2026-11-21T15:00:00.000Z', to: '2026-11-22T15:00:00.000Z' });
  });

  test('seven days are today and the six before it', ({ expect }) => {
    expect(ask({ range: '7d', zone: 'utc' })).toEqual({
      from: '2026-11-16T00:00:00.000Z',
      to: '2026-11-22T15:00:00.000Z',
      interval: 'day',
      timeZone: 'UTC',
      groupBy: 'model',
    });
  });

  test('a last day is asked for whole', ({ expect }) => {
    const input = ask({ range: 'custom', from: '2026-11-01', to: '2026-11-03', zone: 'utc' });
    expect([input.from, input.to]).toEqual(['2026-11-01T00:00:00.000Z', '2026-11-04T00:00:00.000Z']);
    expect(isRunning(input, NOW)).toBe(false);
    expect(isRunning(ask({}), NOW)).toBe(true);
  });
});

describe('figures', () => {
  test('cached tokens are input tokens and not counted twice', ({ expect }) => {
    expect(valueOf(sums({ inputTokens: 100, cachedTokens: 60, outputTokens: 40 }), 'tokens')).toBe(140);
  });

  test('a cost that nobody knows is unknown, one with a guess in it estimated', ({ expect }) => {
    expect(costOf(sums({ unknownCosts: 2 }))).toEqual({ microUsd: null });
    expect(costOf(sums({ knownMicroUsd: 5, unknownCosts: 2 }))).toEqual({ microUsd: 5, status: 'known' });
    expect(costOf(sums({ knownMicroUsd: 5, estimatedMicroUsd: 15 }))).toEqual({
      microUsd: 20,
      status: 'estimated',
    });
    expect(findEstimatedShare(sums({ knownMicroUsd: 5, estimatedMicroUsd: 15 }))).toBe(0.75);
    expect(findEstimatedShare(sums({ unknownCosts: 2 }))).toBeNull();
  });

  test('the time before is compared with only where there is something to compare', ({ expect }) => {
    const [two, three] = [sums({ sessions: 2 }), sums({ sessions: 3 })];
    expect(findChange(three, two, 'sessions')).toEqual({ kind: 'ratio', ratio: 0.5 });
    expect(findChange(three, NO_SUMS, 'sessions')).toEqual({ kind: 'new' });
    expect(findChange(NO_SUMS, NO_SUMS, 'sessions')).toEqual({ kind: 'none' });
    expect(findChange(sums({ knownMicroUsd: 5 }), sums({ unknownCosts: 1 }), 'cost')).toEqual({
      kind: 'none',
    });
  });

  test('the chart shows five groups by the metric that is chosen, and all others as one', ({ expect }) => {
    const groups = Array.from('abcdefg').map((id, index) => group(id, index + 1, 1));
    const parts = pickChartGroups([...groups, group('other', 100, 0)], 'cost');
    expect(parts.map(({ id, values }) => [id, ...values])).toEqual([
      ['g', 7, 1],
      ['f', 6, 1],
      ['e', 5, 1],
      ['d', 4, 1],
      ['c', 3, 1],
      ['other', 103, 2],
    ]);
    expect(pickChartGroups([group('a', 1), group('b', 0)], 'cost').map(({ id }) => id)).toEqual(['a']);
  });

  test('without groups money is split by how sure it is', ({ expect }) => {
    const mixed = [{ id: 'all', label: 'all', rows: [sums({ knownMicroUsd: 5, estimatedMicroUsd: 2 })] }];
    expect(splitCost(mixed).map(({ id, values }) => [id, ...values])).toEqual([
      ['known', 5],
      ['estimated', 2],
    ]);
    expect(splitCost([group('all', 5)]).map(({ id }) => id)).toEqual(['known']);
    expect(splitCost([])[0]?.values).toEqual([]);
  });

  test('rows sort by any column and turn round', ({ expect }) => {
    const rows = [row('b', 1), row('a', 3), row('c', 2)];
    const ids = (sort: Parameters<typeof sortRows>[1]) => sortRows(rows, sort).map(({ id }) => id);
    const bySessions = toggleSort({ by: 'cost', direction: 'ascending' }, 'sessions');
    expect(ids(bySessions)).toEqual(['a', 'c', 'b']);
    expect(ids(toggleSort(bySessions, 'sessions'))).toEqual(['b', 'c', 'a']);
    expect(ids(toggleSort(bySessions, 'name'))).toEqual(['a', 'b', 'c']);
  });

  test('rows add up to the whole', ({ expect }) => {
    expect(addSums(group('a', 1, 2, 3).rows)).toEqual(sums({ knownMicroUsd: 6, sessions: 3 }));
  });
});

test('a row leads to the user or the key that it is about', ({ expect }) => {
  expect(findGroupHref('user', 'usr_1')).toBe('/users/usr_1');
  expect(findGroupHref('access_key', 'key_1')).toBe('/access-keys/key_1');
  expect(findGroupHref('provider_key', 'pkey_1')).toBe('/provider-keys/pkey_1');
  expect([findGroupHref('user', 'other'), findGroupHref('model', 'gpt-realtime')]).toEqual([null, null]);
});

test('the file holds every number, exact to the micro-dollar, and no formula of a name', ({ expect }) => {
  const name = '=HYPERLINK("x","y")';
  const csv = createUsageCsv({
    buckets: ['2026-11-22T00:00:00.000Z'],
    groups: [{ id: 'usr_1', label: name, rows: [sums({ sessions: 2, seconds: 61.5, knownMicroUsd: 1 })] }],
  });
  const [head, line, end] = csv.split('\r\n');
  expect(head?.split(',').length).toBe(12);
  expect(line).toBe(
    `2026-11-22T00:00:00.000Z,usr_1,"'=HYPERLINK(""x"",""y"")",2,0,61.5,0,0,0,0.000001,0.000000,0`,
  );
  expect(end).toBe('');
});
