import { test } from 'vitest';

import { findFormProblem, toFilter, toForm, toLocalText } from './filter-form.ts';
import { listActive, NO_FILTER, parseSessionFilter, toQuery, toSearch } from './session-filter.ts';
import type { FilterSearch, SessionFilter } from './session-filter.ts';

const everything: SessionFilter = {
  state: 'ended',
  model: 'gpt-realtime-2.1',
  user: 'app:ada',
  accessKey: 'key_1',
  providerKey: 'pkey_1',
  transport: 'webrtc',
  minCostMicroUsd: 250_000,
  minSeconds: 60,
  from: '2026-11-20T00:00:00.000Z',
  to: '2026-11-21T00:00:00.000Z',
  query: 'ses_0',
};

test('every filter survives the way through the address', ({ expect }) => {
  const search = Object.fromEntries(
    Object.entries(toSearch(everything)).map(([name, value]) => [name, value ?? '']),
  );
  expect(search['cost']).toBe('0.25');
  expect(parseSessionFilter(search)).toEqual(everything);
  expect(listActive(everything)).toHaveLength(11);
});

test.for<[FilterSearch]>([
  [{ state: 'everything' }],
  [{ state: ['failed', 'ended'] }],
  [{ transport: 'pigeon' }],
  [{ cost: 'much' }],
  [{ duration: '-5' }],
  [{ from: 'yesterday' }],
  [{ q: 'a b' }],
  [{ model: 'm'.repeat(200) }],
])('%o in the address is no filter', ([search], { expect }) => {
  expect(parseSessionFilter(search)).toEqual(NO_FILTER);
});

test('the API is asked in its own words, and for nothing that is not set', ({ expect }) => {
  expect(toQuery(NO_FILTER)).toEqual({});
  expect(toQuery({ ...NO_FILTER, state: 'open' })).toEqual({ isOpen: true });
  expect(toQuery(everything)).toEqual({
    state: 'ended',
    model: 'gpt-realtime-2.1',
    userId: 'app:ada',
    accessKeyId: 'key_1',
    providerKeyId: 'pkey_1',
    transport: 'webrtc',
    minCostMicroUsd: 250_000,
    minSeconds: 60,
    from: '2026-11-20T00:00:00.000Z',
    to: '2026-11-21T00:00:00.000Z',
    query: 'ses_0',
  });
});

test('the dialog gives back what it was opened with, and leaves state and search alone', ({ expect }) => {
  expect(toFilter(toForm(everything), everything)).toEqual(everything);
  const cleared = toFilter(toForm(NO_FILTER), everything);
  expect(listActive(cleared)).toEqual(['state', 'query']);
});

test('times are typed on the reader’s clock', ({ expect }) => {
  const typed = toLocalText('2026-11-20T07:05:00.000Z');
  expect(typed).toMatch(/^2026-11-(19|20|21)T\d{2}:\d{2}$/);
  expect(new Date(typed).toISOString()).toBe('2026-11-20T07:05:00.000Z');
});

test('what cannot be searched for is named', ({ expect }) => {
  const form = toForm(NO_FILTER);
  expect(findFormProblem(form)).toBeNull();
  expect(findFormProblem({ ...form, cost: '1,5' })).toBeNull();
  expect(findFormProblem({ ...form, cost: 'a lot' })?.field).toBe('cost');
  expect(findFormProblem({ ...form, duration: '1.5' })?.field).toBe('duration');
  expect(findFormProblem({ ...form, from: '2026-11-20T10:00', to: '2026-11-20T10:00' })?.field).toBe('to');
});
