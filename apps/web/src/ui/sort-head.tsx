import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import ChevronsUpDown from 'lucide-solid/icons/chevrons-up-down';
import { Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import type { SortDirection } from './data-table.tsx';

/** The head of a column by which the rows can be put in order. */
export function SortHead(props: {
  /** `null` while the rows stand in the order of another column. */
  direction: SortDirection | null;
  onSort: () => void;
  children: JSX.Element;
}): JSX.Element {
  return (
    <button
      type="button"
      class="inline-flex min-h-6 items-center gap-1 rounded-chip font-medium hover:text-text [&_svg]:size-3.5 [&_svg]:shrink-0"
      onClick={() => props.onSort()}
    >
      {props.children}
      <Switch fallback={<ChevronsUpDown aria-hidden="true" class="text-text-3" />}>
        <Match when={props.direction === 'ascending'}>
          <ArrowUp aria-hidden="true" class="text-accent" />
        </Match>
        <Match when={props.direction === 'descending'}>
          <ArrowDown aria-hidden="true" class="text-accent" />
        </Match>
      </Switch>
    </button>
  );
}
