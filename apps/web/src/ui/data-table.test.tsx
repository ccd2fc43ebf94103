import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library';
import { createSignal } from 'solid-js';
import { afterEach, test } from 'vitest';

import { DataTable } from './data-table.tsx';
import { SortHead } from './sort-head.tsx';

type Animal = { id: string; name: string; legs: number };

const CAT: Animal = { id: 'cat', name: 'Cat', legs: 4 };
const HEN: Animal = { id: 'hen', name: 'Hen', legs: 2 };

function show(first: readonly Animal[]) {
  const [rows, setRows] = createSignal(first);
  render(() => (
    <DataTable
      label="Animals"
      density="one-line"
      rowTestId="animal"
      rows={rows()}
      columns={[
        { head: () => 'Name', cell: (animal) => <button type="button">{animal().name}</button> },
        { head: () => 'Legs', cell: (animal) => animal().legs, isEnd: true },
      ]}
      card={(animal) => <p>{animal().name}</p>}
    />
  ));
  return setRows;
}

const readSorts = () => screen.getAllByRole('columnheader').map((head) => head.getAttribute('aria-sort'));
const readRows = () => screen.getAllByTestId('animal').map((row) => row.textContent);

afterEach(cleanup);

test('a refresh changes what a row says, not the row: the focus in it stays', ({ expect }) => {
  const setRows = show([CAT, HEN]);
  const button = screen.getByRole('button', { name: 'Hen' });
  button.focus();
  setRows([{ ...CAT }, { ...HEN, legs: 1 }]);
  expect(readRows()).toEqual(['Cat4', 'Hen1']);
  expect(document.activeElement).toBe(button);
});

test('rows come, go and move with their data, in the table and among the cards', ({ expect }) => {
  const setRows = show([CAT]);
  setRows([HEN, CAT]);
  expect(readRows()).toEqual(['Hen2', 'Cat4']);
  expect(screen.getAllByRole('listitem').map((card) => card.textContent)).toEqual(['Hen', 'Cat']);
  setRows([HEN]);
  expect(readRows()).toEqual(['Hen2']);
});

test('a head that sorts says how the rows stand and is a button', ({ expect }) => {
  const [direction, setDirection] = createSignal<'ascending' | 'descending' | null>(null);
  render(() => (
    <DataTable
      label="Animals"
      density="one-line"
      rowTestId="animal"
      rows={[CAT]}
      columns={[
        { head: () => 'Name', cell: (animal) => animal().name },
        {
          head: () => (
            <SortHead direction={direction()} onSort={() => setDirection('descending')}>
              Legs
            </SortHead>
          ),
          cell: (animal) => animal().legs,
          sort: direction,
        },
      ]}
      card={(animal) => <p>{animal().name}</p>}
    />
  ));
  expect(readSorts()).toEqual([null, 'none']);
  fireEvent.click(screen.getByRole('button', { name: 'Legs' }));
  expect(readSorts()).toEqual([null, 'descending']);
});
