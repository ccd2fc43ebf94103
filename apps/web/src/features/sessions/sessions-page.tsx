import { A, useSearchParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import AudioLines from 'lucide-solid/icons/audio-lines';
import FilterX from 'lucide-solid/icons/funnel-x';
import RefreshCw from 'lucide-solid/icons/refresh-cw';
import WifiOff from 'lucide-solid/icons/wifi-off';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Delayed, Skeleton } from '../../ui/skeleton.tsx';
import { EmptyState, ErrorState, Notice } from '../../ui/states.tsx';
import { useViewer } from '../shell/viewer.ts';
import { LiveMark } from './live-mark.tsx';
import { createPager } from './pager.ts';
import { PageButtons } from './page-buttons.tsx';
import { findRegionState } from './region-state.ts';
import { parseSessionState, SESSION_STATES } from './session-types.ts';
import type { SessionState } from './session-types.ts';
import { SessionsCards, SessionsTable } from './sessions-table.tsx';

const PAGE_SIZE = 25;
const POLL_MS = 5_000;

function LoadingRows(): JSX.Element {
  const { t } = useI18n();
  return (
    <Delayed>
      <p class="sr-only" role="status">
        {t('state.loading')}
      </p>
      <ul class="flex flex-col" aria-hidden="true">
        <For each={[72, 56, 64, 48, 60, 52]}>
          {() => (
            <li class="flex items-center gap-6 border-t border-border px-4 py-4 first:border-t-0">
              <Skeleton class="h-4 w-24" />
              <Skeleton class="h-4 w-40 max-sm:hidden" />
              <Skeleton class="h-5 w-20" />
              <Skeleton class="ms-auto h-4 w-16" />
              <Skeleton class="h-4 w-44 max-sm:hidden" />
            </li>
          )}
        </For>
      </ul>
    </Delayed>
  );
}

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
        label={t('sessions.filter')}
        value={props.state ?? 'all'}
        segments={segments()}
        onChange={(value) => props.onChange(parseSessionState(value))}
      />
    </div>
  );
}

export function SessionsPage(): JSX.Element {
  const { t, plural } = useI18n();
  const { trpc } = useApi();
  const viewer = useViewer();
  const [search, setSearch] = useSearchParams<{ state?: string; cursor?: string }>();
  const now = createNow();
  const state = () => parseSessionState(search.state);
  const pager = createPager({
    cursor: () => (typeof search.cursor === 'string' ? search.cursor : null),
    setCursor: (cursor) => setSearch({ cursor }),
  });
  const list = useQuery(() => ({
    ...trpc.sessions.list.queryOptions({
      limit: PAGE_SIZE,
      ...(typeof search.cursor === 'string' ? { cursor: search.cursor } : {}),
      ...(state() === null ? {} : { state: state() ?? undefined }),
    }),
    refetchInterval: POLL_MS,
    placeholderData: (previous) => previous,
  }));
  const sessions = () => list.data?.items ?? [];
  const hasUsers = () => viewer().role === 'operator';
  const region = () =>
    findRegionState({
      count: list.data === undefined ? null : sessions().length,
      isError: list.isError,
      isFiltered: state() !== null || typeof search.cursor === 'string',
    });

  function filter(next: SessionState | null): void {
    pager.reset();
    setSearch({ state: next, cursor: null });
  }

  return (
    <div class="flex flex-col gap-5">
      <PageHeader
        title={t('sessions.title')}
        lead={t(hasUsers() ? 'sessions.leadOperator' : 'sessions.lead')}
      >
        <LiveMark isFresh={!list.isError} />
      </PageHeader>
      <StateFilter state={state()} onChange={filter} />
      <Show when={list.isError && list.data !== undefined}>
        <Notice
          tone="warning"
          icon={<WifiOff aria-hidden="true" />}
          isAlert
          action={
            <Button size="compact" onClick={() => void list.refetch()}>
              <RefreshCw aria-hidden="true" class="size-3.5" />
              {t('action.retry')}
            </Button>
          }
        >
          {t('sessions.error.stale')}
        </Notice>
      </Show>
      <section
        class={`card overflow-hidden transition-opacity ${list.isPlaceholderData ? 'opacity-60' : ''}`}
        aria-label={t('sessions.title')}
        aria-busy={list.isFetching && list.data === undefined}
      >
        <Switch>
          <Match when={region() === 'loading'}>
            <LoadingRows />
          </Match>
          <Match when={region() === 'error'}>
            <ErrorState error={toUiError(list.error, t)} onRetry={() => void list.refetch()} />
          </Match>
          <Match when={region() === 'empty-first'}>
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
          </Match>
          <Match when={region() === 'empty-filtered'}>
            <EmptyState
              icon={<FilterX aria-hidden="true" />}
              title={t('sessions.filtered.title')}
              text={t('sessions.filtered.text', {
                state: t(state() === null ? 'sessions.filter.all' : `sessions.state.${state() ?? 'ended'}`),
              })}
              action={<Button onClick={() => filter(null)}>{t('sessions.filtered.action')}</Button>}
            />
          </Match>
          <Match when={region() === 'data'}>
            <SessionsTable sessions={sessions()} now={now()} hasUsers={hasUsers()} />
            <SessionsCards sessions={sessions()} now={now()} hasUsers={hasUsers()} />
          </Match>
        </Switch>
      </section>
      <Show when={region() === 'data'}>
        <div class="flex flex-wrap items-center justify-between gap-3">
          <p class="text-table text-text-2">{plural('sessions.shown', sessions().length)}</p>
          <PageButtons pager={pager} nextCursor={list.data?.nextCursor ?? null} />
        </div>
      </Show>
    </div>
  );
}
