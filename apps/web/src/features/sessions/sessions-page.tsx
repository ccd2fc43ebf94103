import { A, useSearchParams } from '@solidjs/router';
import { keepPreviousData, useQuery } from '@tanstack/solid-query';
import AudioLines from 'lucide-solid/icons/audio-lines';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { DataRegion, EmptyFiltered } from '../../ui/data-region.tsx';
import { FilterSegments } from '../../ui/filters.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { PageButtons } from '../../ui/page-buttons.tsx';
import { createPager } from '../../ui/pager.ts';
import { findRegionState } from '../../ui/region-state.ts';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { useCan } from '../shell/viewer.ts';
import { parseSessionState, SESSION_STATES } from './session-types.ts';
import type { SessionState } from './session-types.ts';
import { SessionsTable } from './sessions-table.tsx';

const PAGE_SIZE = 25;
const POLL_MS = 5_000;

/** Of one row, while the list loads. */
const LOADING_CELLS = [
  'h-4 w-24',
  'h-4 w-40 max-sm:hidden',
  'h-5 w-20',
  'ms-auto h-4 w-16',
  'h-4 w-44 max-sm:hidden',
];

function StateFilter(props: {
  state: SessionState | null;
  onChange: (state: SessionState | null) => void;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <FilterSegments
      name="session-state"
      label={t('sessions.filter')}
      allLabel={t('sessions.filter.all')}
      value={props.state}
      options={SESSION_STATES.map((value) => ({ value, label: t(`sessions.state.${value}`) }))}
      onChange={props.onChange}
    />
  );
}

function EmptyFirst(): JSX.Element {
  const { t } = useI18n();
  return (
    <EmptyState
      icon={<AudioLines aria-hidden="true" />}
      title={t('sessions.empty.title')}
      text={t('sessions.empty.text')}
      action={
        <A href="/playground" class={buttonClass('primary')}>
          {t('sessions.empty.action')}
        </A>
      }
    />
  );
}

function createSessionList() {
  const { trpc } = useApi();
  const [search, setSearch] = useSearchParams<{ state?: string; cursor?: string }>();
  const state = () => parseSessionState(search.state);
  const cursor = () => (typeof search.cursor === 'string' ? search.cursor : null);
  const pager = createPager({ cursor, setCursor: (next) => setSearch({ cursor: next }) });
  const query = useQuery(() => {
    const [wantedState, wantedCursor] = [state(), cursor()];
    return {
      ...trpc.sessions.list.queryOptions({
        limit: PAGE_SIZE,
        ...(wantedCursor === null ? {} : { cursor: wantedCursor }),
        ...(wantedState === null ? {} : { state: wantedState }),
      }),
      refetchInterval: POLL_MS,
      placeholderData: keepPreviousData,
    };
  });
  const data = () => findData(query);
  const sessions = () => data()?.items ?? [];
  const region = () =>
    findRegionState({
      count: data() === undefined ? null : sessions().length,
      isError: query.isError,
      isFiltered: state() !== null || cursor() !== null,
    });
  return {
    query,
    data,
    state,
    pager,
    sessions,
    region,
    filter(next: SessionState | null): void {
      pager.reset();
      setSearch({ state: next, cursor: null });
    },
  };
}

type SessionList = ReturnType<typeof createSessionList>;

function Region(props: {
  list: SessionList;
  now: number;
  hasUsers: boolean;
  onRetry: () => void;
}): JSX.Element {
  const { t } = useI18n();
  const stateName = () => {
    const state = props.list.state();
    return t(state === null ? 'sessions.filter.all' : `sessions.state.${state}`);
  };
  return (
    <DataRegion
      label={t('sessions.title')}
      state={props.list.region()}
      isDimmed={props.list.query.isPlaceholderData}
      loading={<LoadingRows count={6} cells={LOADING_CELLS} />}
      error={toUiError(props.list.query.error, t)}
      emptyFirst={<EmptyFirst />}
      emptyFiltered={
        <EmptyFiltered
          title={t('sessions.filtered.title')}
          text={t('sessions.filtered.text', { state: stateName() })}
          clearLabel={t('sessions.filtered.action')}
          onClear={() => props.list.filter(null)}
        />
      }
      onRetry={props.onRetry}
    >
      <SessionsTable sessions={props.list.sessions()} now={props.now} hasUsers={props.hasUsers} />
    </DataRegion>
  );
}

export function SessionsPage(): JSX.Element {
  const { t, plural } = useI18n();
  const can = useCan();
  const now = createNow();
  const list = createSessionList();
  const hasUsers = () => can('sessions:read-all');
  const retry = () => void list.query.refetch();
  return (
    <div class="flex flex-col gap-5">
      <PageHeader
        title={t('sessions.title')}
        lead={t(hasUsers() ? 'sessions.leadOperator' : 'sessions.lead')}
      >
        <LiveMark isFresh={!list.query.isError} />
      </PageHeader>
      <StateFilter state={list.state()} onChange={(state) => list.filter(state)} />
      <Show when={list.query.isError && list.data() !== undefined}>
        <StaleNotice onRetry={retry} />
      </Show>
      <Region list={list} now={now()} hasUsers={hasUsers()} onRetry={retry} />
      <Show when={list.region() === 'data'}>
        <div class="flex flex-wrap items-center justify-between gap-3">
          <p class="text-table text-text-2">{plural('sessions.shown', list.sessions().length)}</p>
          <PageButtons pager={list.pager} nextCursor={list.data()?.nextCursor ?? null} />
        </div>
      </Show>
    </div>
  );
}
