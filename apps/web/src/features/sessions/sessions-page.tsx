import { A, useSearchParams } from '@solidjs/router';
import { keepPreviousData, useQuery } from '@tanstack/solid-query';
import AudioLines from 'lucide-solid/icons/audio-lines';
import FunnelX from 'lucide-solid/icons/funnel-x';
import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { findRegionState } from '../../ui/region-state.ts';
import type { RegionState } from '../../ui/region-state.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { useViewer } from '../shell/viewer.ts';
import { createPager } from './pager.ts';
import { PageButtons } from './page-buttons.tsx';
import { parseSessionState, SESSION_STATES } from './session-types.ts';
import type { SessionState, SessionSummary } from './session-types.ts';
import { SessionsCards, SessionsTable } from './sessions-table.tsx';

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
  const segments = () => [
    { value: 'all' as const, label: t('sessions.filter.all') },
    ...SESSION_STATES.map((value) => ({ value, label: t(`sessions.state.${value}`) })),
  ];
  return (
    <div class="max-w-full overflow-x-auto scroll-quiet">
      <Segmented
        name="session-state"
        isCompact
        label={t('sessions.filter')}
        value={props.state ?? 'all'}
        segments={segments()}
        onChange={(value) => props.onChange(parseSessionState(value))}
      />
    </div>
  );
}

type RegionProps = {
  region: RegionState;
  state: SessionState | null;
  sessions: readonly SessionSummary[];
  error: unknown;
  now: number;
  hasUsers: boolean;
  onRetry: () => void;
  onClear: () => void;
};

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

function Region(props: RegionProps): JSX.Element {
  const { t } = useI18n();
  const stateName = () => t(props.state === null ? 'sessions.filter.all' : `sessions.state.${props.state}`);
  return (
    <Switch>
      <Match when={props.region === 'loading'}>
        <LoadingRows count={6} cells={LOADING_CELLS} />
      </Match>
      <Match when={props.region === 'error'}>
        <ErrorState error={toUiError(props.error, t)} onRetry={props.onRetry} />
      </Match>
      <Match when={props.region === 'empty-first'}>
        <EmptyFirst />
      </Match>
      <Match when={props.region === 'empty-filtered'}>
        <EmptyState
          icon={<FunnelX aria-hidden="true" />}
          title={t('sessions.filtered.title')}
          text={t('sessions.filtered.text', { state: stateName() })}
          action={<Button onClick={() => props.onClear()}>{t('sessions.filtered.action')}</Button>}
        />
      </Match>
      <Match when={props.region === 'data'}>
        <SessionsTable sessions={props.sessions} now={props.now} hasUsers={props.hasUsers} />
        <SessionsCards sessions={props.sessions} now={props.now} hasUsers={props.hasUsers} />
      </Match>
    </Switch>
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

export function SessionsPage(): JSX.Element {
  const { t, plural } = useI18n();
  const viewer = useViewer();
  const now = createNow();
  const list = createSessionList();
  const hasUsers = () => viewer().role === 'operator';
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
      <section
        class={`card overflow-hidden transition-opacity ${list.query.isPlaceholderData ? 'opacity-60' : ''}`}
        aria-label={t('sessions.title')}
        aria-busy={list.region() === 'loading'}
      >
        <Region
          region={list.region()}
          state={list.state()}
          sessions={list.sessions()}
          error={list.query.error}
          now={now()}
          hasUsers={hasUsers()}
          onRetry={retry}
          onClear={() => list.filter(null)}
        />
      </section>
      <Show when={list.region() === 'data'}>
        <div class="flex flex-wrap items-center justify-between gap-3">
          <p class="text-table text-text-2">{plural('sessions.shown', list.sessions().length)}</p>
          <PageButtons pager={list.pager} nextCursor={list.data()?.nextCursor ?? null} />
        </div>
      </Show>
    </div>
  );
}
