import { A } from '@solidjs/router';
import AudioLines from 'lucide-solid/icons/audio-lines';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { DataRegion, EmptyFiltered } from '../../ui/data-region.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { ListFooter } from '../../ui/page-buttons.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { useCan } from '../shell/viewer.ts';
import { FilterBar } from './filter-bar.tsx';
import { NO_FILTER } from './session-filter.ts';
import { createSessionList } from './session-list.ts';
import type { SessionList } from './session-list.ts';
import { SessionTextProvider, useSessionText } from './session-text.ts';
import { SessionsTable } from './sessions-table.tsx';

/** Of one row, while the list loads. */
const LOADING_CELLS = [
  'h-4 w-24',
  'h-4 w-40 max-sm:hidden',
  'h-5 w-20',
  'ms-auto h-4 w-16',
  'h-4 w-44 max-sm:hidden',
];

function EmptyFirst(): JSX.Element {
  const { t } = useSessionText();
  return (
    <EmptyState
      icon={<AudioLines aria-hidden="true" />}
      title={t('empty.title')}
      text={t('empty.text')}
      action={
        <A href="/playground" class={buttonClass('primary')}>
          {t('empty.action')}
        </A>
      }
    />
  );
}

function Region(props: { list: SessionList; now: number; hasUsers: boolean }): JSX.Element {
  const { t } = useSessionText();
  const i18n = useI18n();
  return (
    <DataRegion
      label={t('title')}
      state={props.list.region()}
      isDimmed={props.list.query.isPlaceholderData}
      loading={<LoadingRows count={6} cells={LOADING_CELLS} />}
      error={toUiError(props.list.query.error, i18n.t)}
      emptyFirst={<EmptyFirst />}
      emptyFiltered={
        <EmptyFiltered
          title={t('filtered.title')}
          text={t(props.list.isFiltered() ? 'filtered.text' : 'filtered.page')}
          clearLabel={t('filter.clear')}
          onClear={() => props.list.apply(NO_FILTER)}
        />
      }
      onRetry={props.list.refetch}
    >
      <SessionsTable sessions={props.list.items()} now={props.now} hasUsers={props.hasUsers} />
    </DataRegion>
  );
}

function Page(): JSX.Element {
  const { t, plural } = useSessionText();
  const can = useCan();
  const now = createNow();
  const list = createSessionList();
  const hasUsers = () => can('sessions:read-all');
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={t('title')} lead={t(hasUsers() ? 'leadOperator' : 'lead')}>
        <LiveMark isFresh={!list.query.isError} />
      </PageHeader>
      <FilterBar filter={list.filter()} onChange={(filter) => list.apply(filter)} />
      <Show when={list.query.isError && list.data() !== undefined}>
        <StaleNotice onRetry={list.refetch} />
      </Show>
      <Region list={list} now={now()} hasUsers={hasUsers()} />
      <ListFooter list={list} shown={plural('shown', list.items().length)} />
    </div>
  );
}

export function SessionsPage(): JSX.Element {
  return (
    <SessionTextProvider>
      <Page />
    </SessionTextProvider>
  );
}
