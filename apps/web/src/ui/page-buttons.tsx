import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { Button } from './button.tsx';
import type { Pager } from './pager.ts';

const WORDS = {
  time: { first: 'pages.newest', back: 'pages.newer', on: 'pages.older' },
  name: { first: 'pages.first', back: 'pages.previous', on: 'pages.next' },
} as const;

/** The way through a list by cursor, newest first unless told otherwise; nothing while there is but one page. */
export function PageButtons(props: {
  pager: Pager;
  nextCursor: string | null;
  order?: keyof typeof WORDS;
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
