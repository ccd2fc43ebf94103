import { For } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { Delayed, Skeleton } from './skeleton.tsx';

/** Skeletons in the shape of what comes, and the word for a screen reader; neither before 200 ms. */
export function Loading(props: { children: JSX.Element }): JSX.Element {
  const { t } = useI18n();
  return (
    <Delayed>
      <p class="sr-only" role="status">
        {t('state.loading')}
      </p>
      {props.children}
    </Delayed>
  );
}

/** A list that loads: `cells` are the classes (size, place) of one row's bars. */
export function LoadingRows(props: { count: number; cells: readonly string[] }): JSX.Element {
  return (
    <Loading>
      <ul class="flex flex-col" aria-hidden="true">
        <For each={Array.from({ length: props.count })}>
          {() => (
            <li class="flex items-center gap-6 border-t border-border px-4 py-4 first:border-t-0">
              <For each={props.cells}>{(cell) => <Skeleton class={cell} />}</For>
            </li>
          )}
        </For>
      </ul>
    </Loading>
  );
}
