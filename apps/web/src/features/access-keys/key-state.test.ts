import { test } from 'vitest';

import { countByState, NO_FILTER, parseKeyFilter, selectKeys } from './key-filter.ts';
import { describeState, findExpiry, findState } from './key-state.ts';
import { createKey } from './test-key.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const SOON = '2026-11-22T12:00:05.000Z';

const owner = createKey({ id: 'key_b', name: 'Beta' });
const former = createKey({
  id: 'key_a',
  name: 'Beta',
  replacedBy: 'key_b',
  state: 'grace',
  graceUntil: SOON,
});
const alpha = createKey({ id: 'key_z', name: 'Alpha', environment: 'test' });
const gone = createKey({ id: 'key_g', name: 'Gone', state: 'revoked' });
const keys = [former, gone, owner, alpha];

test('a grace counts down, and is over between two refreshes', ({ expect }) => {
  expect(describeState(former, NOW)).toEqual({ state: 'grace', tone: 'warning', endsAt: Date.parse(SOON) });
  expect(describeState(former, NOW + 5_000)).toEqual({ state: 'replaced', tone: 'neutral', endsAt: null });
});

test('a key expires by the clock; one that is disabled stays disabled', ({ expect }) => {
  expect(findState(createKey({ expiresAt: SOON }), NOW)).toBe('active');
  expect(findState(createKey({ expiresAt: SOON }), NOW + 5_000)).toBe('expired');
  expect(findState(createKey({ expiresAt: SOON, state: 'disabled' }), NOW + 5_000)).toBe('disabled');
});

test.for([
  [null, 'never'],
  ['2026-12-24T12:00:00Z', 'far'],
  ['2026-11-25T12:00:00Z', 'soon'],
  ['2026-11-22T12:00:00Z', 'past'],
] as const)('an expiry at %s is %s', ([at, expiry], { expect }) => {
  expect(findExpiry(at, NOW)).toBe(expiry);
});

test('keys stand by name, a former secret below its key, and what is over apart', ({ expect }) => {
  const listed = selectKeys(keys, NO_FILTER, NOW).map(({ id }) => id);
  expect(listed).toEqual(['key_z', 'key_b', 'key_a']);
  expect(selectKeys(keys, { ...NO_FILTER, state: 'over' }, NOW)).toEqual([gone]);
  expect(selectKeys(keys, { ...NO_FILTER, state: 'over' }, NOW + 5_000)).toHaveLength(2);
  expect(selectKeys(keys, { environment: 'test', state: null }, NOW)).toEqual([alpha]);
});

test('the filter knows how many are in each state', ({ expect }) => {
  const counts = countByState(keys, 'live', NOW);
  expect([counts.get('active'), counts.get('grace'), counts.get('over')]).toEqual([1, 1, 1]);
});

test('an address with a filter that does not exist filters nothing', ({ expect }) => {
  expect(parseKeyFilter({ environment: 'prod', state: 'angry' })).toEqual(NO_FILTER);
  expect(parseKeyFilter({ environment: 'test', state: 'over' })).toEqual({
    environment: 'test',
    state: 'over',
  });
});
