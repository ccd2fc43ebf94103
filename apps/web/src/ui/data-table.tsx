import { createMemo, For, Show } from 'solid-js';
import type { Accessor, JSX } from 'solid-js';

export type Column<T> = {
  head: () => JSX.Element;
  cell: (row: Accessor<T>) => JSX.Element;
  headClass?: string;
  cellClass?: string;
  /** Figures stand under each other at the end of their column. */
  isEnd?: boolean;
  /** How the rows stand by this column, where they can be put in order by it: its head is a `SortHead` then. */
  sort?: () => SortDirection | null;
};

export type SortDirection = 'ascending' | 'descending';

type Density = 'one-line' | 'tall';

type Look = { table: string; head: string; row: string; cards: string; card: string };

/** A table of one line a row has room on a tablet; one whose cells hold more needs a desktop. */
const LOOKS: Readonly<Record<Density, Look>> = {
  'one-line': {
    table: 'md:block',
    head: '[&>th]:whitespace-nowrap [&>th]:px-3',
    row: '[&>td]:px-3 [&>td]:py-2.5 [&>td]:align-middle',
    cards: 'md:hidden',
    card: 'gap-2',
  },
  tall: {
    table: 'lg:block',
    head: '[&>th]:px-2 [&>th]:align-bottom [&>th:first-child]:ps-4',
    row: '[&>td]:px-2 [&>td]:py-3 [&>td]:align-top [&>td:first-child]:ps-4',
    cards: 'lg:hidden',
    card: 'gap-3',
  },
};

type DataTableProps<T> = {
  label: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  /** The same row where the table has no room. */
  card: (row: Accessor<T>) => JSX.Element;
  density: Density;
  rowTestId: string;
};

/** Rows by id: a refresh changes their content, not the elements, so that focus and an open menu stay. */
function EachRow<T extends { id: string }>(props: {
  rows: readonly T[];
  children: (row: Accessor<T>) => JSX.Element;
}): JSX.Element {
  const ids = createMemo(() => props.rows.map(({ id }) => id));
  return (
    <For each={ids()}>
      {(id) => <Show when={props.rows.find((row) => row.id === id)}>{props.children}</Show>}
    </For>
  );
}

function findAriaSort(sort: Column<never>['sort']): SortDirection | 'none' | undefined {
  return sort === undefined ? undefined : (sort() ?? 'none');
}

function Head<T>(props: { columns: readonly Column<T>[]; look: Look }): JSX.Element {
  return (
    <thead>
      <tr
        class={`bg-surface text-caption text-text-2 [&>th]:py-2 [&>th]:text-start [&>th]:font-medium ${props.look.head}`}
      >
        <For each={props.columns}>
          {(column) => (
            <th scope="col" class={column.headClass} aria-sort={findAriaSort(column.sort)}>
              <span class={`block ${column.isEnd === true ? 'text-end' : ''}`}>{column.head()}</span>
            </th>
          )}
        </For>
      </tr>
    </thead>
  );
}

/** A table, and below the width it needs the same rows as cards. A row that is a link covers itself with it. */
export function DataTable<T extends { id: string }>(props: DataTableProps<T>): JSX.Element {
  const look = () => LOOKS[props.density];
  return (
    <>
      <div
        class={`hidden overflow-x-auto scroll-quiet ${look().table}`}
        role="region"
        aria-label={props.label}
        tabindex="0"
      >
        <table class="w-full border-collapse text-table">
          <caption class="sr-only">{props.label}</caption>
          <Head columns={props.columns} look={look()} />
          <tbody>
            <EachRow rows={props.rows}>
              {(row) => (
                <tr
                  data-testid={props.rowTestId}
                  data-row-id={row().id}
                  class={`group relative border-t border-border transition-colors hover:bg-surface ${look().row}`}
                >
                  <For each={props.columns}>
                    {(column) => (
                      <td class={`${column.isEnd === true ? 'text-end' : ''} ${column.cellClass ?? ''}`}>
                        {column.cell(row)}
                      </td>
                    )}
                  </For>
                </tr>
              )}
            </EachRow>
          </tbody>
        </table>
      </div>
      <ul class={look().cards} aria-label={props.label}>
        <EachRow rows={props.rows}>
          {(row) => (
            <li
              class={`group relative flex flex-col border-t border-border px-4 py-3.5 first:border-t-0 ${look().card}`}
            >
              {props.card(row)}
            </li>
          )}
        </EachRow>
      </ul>
    </>
  );
}
