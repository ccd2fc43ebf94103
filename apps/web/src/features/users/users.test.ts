import { test } from 'vitest';

import { listChoices } from './model-choices.ts';
import { nameOfUser } from './user-cells.tsx';
import { isFiltered, NO_FILTER, parseUserFilter, toQuery } from './user-filter.ts';
import { readIdPath } from '../../ui/id-path.ts';
import { toUserHref } from './user-href.ts';

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

test.for(['usr_1', 'app:ada@example.com', 'anon:192.0.2.0/24', 'a b%c', '사용자', '~', 'key.1'])(
  'the id %s survives the way through an address that the server takes for a page',
  (id, { expect }) => {
    const href = toUserHref(id);
    expect(href).toMatch(/^\/users\/~?[\w-]+$/);
    expect(readIdPath(href.slice('/users/'.length))).toBe(id);
  },
);

test('an address that was encoded by hand, or cut off, is taken as far as it can be read', ({ expect }) => {
  expect(readIdPath('app%3Aben')).toBe('app:ben');
  expect(readIdPath('%E2%82')).toBe('%E2%82');
  expect(readIdPath('~!')).toBe('~!');
});

test('a user without a name goes by the id', ({ expect }) => {
  expect(nameOfUser({ id: 'app:1', name: null })).toBe('app:1');
  expect(nameOfUser({ id: 'usr_1', name: 'Ada' })).toBe('Ada');
});

test('a model that is allowed but no longer served stays among the choices', ({ expect }) => {
  expect(listChoices(['a', 'b'], ['b', 'gone'])).toEqual(['a', 'b', 'gone']);
});
