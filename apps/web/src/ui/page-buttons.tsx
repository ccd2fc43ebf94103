import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { Button } from './button.tsx';
import type { Pager } from './pager.ts';

/** Newer and older pages of a list by cursor; nothing while there is but one page. */
export function PageButtons(props: { pager: Pager; nextCursor: string | null }): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={!props.pager.isFirst() || props.nextCursor !== null}>
      <nav aria-label={t('pages.label')} class="flex gap-2">
        <Show when={!props.pager.isFirst()}>
          <Button variant="quiet" onClick={() => props.pager.newest()}>
            {t('pages.newest')}
          </Button>
        </Show>
        <Button disabled={props.pager.isFirst()} onClick={() => props.pager.newer()}>
          <ChevronLeft aria-hidden="true" class="size-4" />
          {t('pages.newer')}
        </Button>
        <Button
          disabled={props.nextCursor === null}
          onClick={() => {
            if (props.nextCursor !== null) props.pager.older(props.nextCursor);
          }}
        >
          {t('pages.older')}
          <ChevronRight aria-hidden="true" class="size-4" />
        </Button>
      </nav>
    </Show>
  );
}
