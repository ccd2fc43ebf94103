import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { Button } from './button.tsx';
import type { Pager } from './pager.ts';
import type { RegionState } from './region-state.ts';

const WORDS = {
  time: { first: 'pages.newest', back: 'pages.newer', on: 'pages.older' },
  name: { first: 'pages.first', back: 'pages.previous', on: 'pages.next' },
} as const;

/** The way through a list by cursor, newest first unless told otherwise; nothing while there is but one page. */
export function PageButtons(props: {
  pager: Pager;
  nextCursor: string | null;
  order?: keyof typeof WORDS | undefined;
}): JSX.Element {
  const { t } = useI18n();
  const words = () => WORDS[props.order ?? 'time'];
  return (
    <Show when={!props.pager.isFirst() || props.nextCursor !== null}>
      <nav aria-label={t('pages.label')} class="flex gap-2">
        <Show when={!props.pager.isFirst()}>
          <Button variant="quiet" onClick={() => props.pager.newest()}>
            {t(words().first)}
          </Button>
        </Show>
        <Button disabled={props.pager.isFirst()} onClick={() => props.pager.newer()}>
          <ChevronLeft aria-hidden="true" class="size-4" />
          {t(words().back)}
        </Button>
        <Button
          disabled={props.nextCursor === null}
          onClick={() => {
            if (props.nextCursor !== null) props.pager.older(props.nextCursor);
          }}
        >
          {t(words().on)}
          <ChevronRight aria-hidden="true" class="size-4" />
        </Button>
      </nav>
    </Show>
  );
}

/** Below a long list: how much of it is shown, and the way on. */
export function ListFooter(props: {
  list: {
    region: () => RegionState;
    pager: Pager;
    data: () => { readonly nextCursor: string | null } | undefined;
  };
  shown: string;
  order?: keyof typeof WORDS;
}): JSX.Element {
  return (
    <Show when={props.list.region() === 'data'}>
      <div class="flex flex-wrap items-center justify-between gap-3">
        <p class="text-table text-text-2">{props.shown}</p>
        <PageButtons
          pager={props.list.pager}
          nextCursor={props.list.data()?.nextCursor ?? null}
          order={props.order}
        />
      </div>
    </Show>
  );
}
