import { test } from 'vitest';

import { listChoices } from './model-choices.ts';
import { nameOfUser } from './user-cells.tsx';
import { isFiltered, NO_FILTER, parseUserFilter, readUserId, toQuery, toUserHref } from './user-filter.ts';

test('search and state come from the address, and nothing else does', ({ expect }) => {
  expect(parseUserFilter({ q: ' ada ', state: 'blocked' })).toEqual({ query: 'ada', state: 'blocked' });
  expect(parseUserFilter({ q: ' ', state: 'asleep' })).toEqual(NO_FILTER);
  expect(parseUserFilter({ q: ['a', 'b'] })).toEqual(NO_FILTER);
  expect(parseUserFilter({ q: 'x'.repeat(301) })).toEqual(NO_FILTER);
});

test('what is not set is not asked for', ({ expect }) => {
  expect(toQuery(NO_FILTER)).toEqual({});
  expect(isFiltered(NO_FILTER)).toBe(false);
  expect(toQuery({ query: 'ada', state: null })).toEqual({ query: 'ada' });
  expect(isFiltered({ query: null, state: 'active' })).toBe(true);
});

test.for(['usr_1', 'app:ada@example.com', 'anon:192.0.2.0/24', 'a b%c'])(
  'the id %s survives the way through the address',
  (id, { expect }) => {
    const href = toUserHref(id);
    expect(href.split('/')).toHaveLength(3);
    expect(readUserId(href.slice('/users/'.length))).toBe(id);
  },
);

test('an address that was cut in the middle of a character is taken as it is', ({ expect }) => {
  expect(readUserId('%E2%82')).toBe('%E2%82');
});

test('a user without a name goes by the id', ({ expect }) => {
  expect(nameOfUser({ id: 'app:1', name: null })).toBe('app:1');
  expect(nameOfUser({ id: 'usr_1', name: 'Ada' })).toBe('Ada');
});

test('a model that is allowed but no longer served stays among the choices', ({ expect }) => {
  expect(listChoices(['a', 'b'], ['b', 'gone'])).toEqual(['a', 'b', 'gone']);
});
