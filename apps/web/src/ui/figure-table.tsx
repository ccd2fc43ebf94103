import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Nothing } from './panel.tsx';

/** `null` is unknown or none. */
export type FigureRow = { name: string; figures: readonly (string | null)[] };

/** The numbers of a chart, as a table that scrolls in its place. The first column names the row. */
export function FigureTable(props: {
  label: string;
  columns: readonly string[];
  rows: readonly FigureRow[];
}): JSX.Element {
  return (
    <div class="max-h-72 overflow-y-auto scroll-quiet" role="region" aria-label={props.label} tabindex="0">
      <table class="w-full text-table [&_td]:py-1.5 [&_td]:text-end [&_td]:font-mono [&_td]:text-caption [&_th]:py-1.5 [&_th]:font-normal">
        <thead class="sticky top-0 bg-bg text-caption text-text-3 [&_th]:font-medium">
          <tr>
            <For each={props.columns}>
              {(column, index) => (
                <th scope="col">
                  <span class={`block ${index() === 0 ? 'text-start' : 'text-end'}`}>{column}</span>
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody class="figures [&_tr]:border-t [&_tr]:border-border">
          <For each={props.rows}>
            {(row) => (
              <tr>
                <th scope="row" class="text-start text-text-2">
                  {row.name}
                </th>
                <For each={row.figures}>
                  {(figure) => (
                    <td>
                      <Show when={figure !== null} fallback={<Nothing />}>
                        {figure}
                      </Show>
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}
