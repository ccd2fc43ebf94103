import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library';
import { createSignal } from 'solid-js';
import { afterEach, test } from 'vitest';

import { FilterSegments, FilterSelect } from './filters.tsx';

const OPTIONS = [
  { value: 'red', label: 'Red' },
  { value: 'blue', label: 'Blue' },
];

afterEach(cleanup);

test('the choice of all filters nothing, and any other is itself', ({ expect }) => {
  const [value, setValue] = createSignal<string | null>('red');
  const part = () => ({
    label: 'Colour',
    allLabel: 'All',
    value: value(),
    options: OPTIONS,
    onChange: setValue,
  });
  render(() => (
    <>
      <FilterSegments name="colour" {...part()} />
      <FilterSelect {...part()} />
    </>
  ));
  const select = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Colour' });
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Red' }).checked).toBe(true);
  expect(select.value).toBe('red');
  fireEvent.click(screen.getByRole('radio', { name: 'All' }));
  expect(value()).toBeNull();
  fireEvent.change(select, { target: { value: 'blue' } });
  expect(value()).toBe('blue');
  fireEvent.change(select, { target: { value: '' } });
  expect(value()).toBeNull();
});
