import { A } from '@solidjs/router';
import { createMemo, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Nothing } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DemoBadge, SessionBadge } from './session-badge.tsx';
import { CostCell, DurationCell, OutcomeCell, PathCell, TimeLeft } from './session-cells.tsx';
import { useSessionText } from './session-text.ts';
import type { SessionSummary } from './session-types.ts';

export type SessionsListProps = { sessions: readonly SessionSummary[]; now: number; hasUsers: boolean };

/** A row that runs is marked at its edge, and in words. */
function SessionLink(props: { session: SessionSummary; now: number }): JSX.Element {
  const { t } = useSessionText();
  return (
    <A
      href={`/sessions/${props.session.id}`}
      class="font-medium text-text no-underline after:absolute after:inset-0 group-hover:text-accent"
    >
      <Show when={props.session.state === 'connected'}>
        <span class="absolute inset-y-0 start-0 w-[3px] bg-success">
          <span class="sr-only">{t('live')} </span>
        </span>
      </Show>
      <span class="sr-only">{t('open', { id: props.session.id })} </span>
      <RelativeTime at={props.session.issuedAt} now={props.now} />
    </A>
  );
}

function ModelCell(props: { session: SessionSummary }): JSX.Element {
  return (
    <Show when={props.session.model} fallback={<Nothing />}>
      <span class="font-mono text-caption">{props.session.model}</span>
    </Show>
  );
}

function StateCell(props: { session: SessionSummary }): JSX.Element {
  return (
    <span class="flex items-center gap-1.5">
      <SessionBadge state={props.session.state} />
      <Show when={props.session.isDemo}>
        <DemoBadge />
      </Show>
    </span>
  );
}

function createColumns(props: SessionsListProps): Column<SessionSummary>[] {
  const { t } = useSessionText();
  const user: Column<SessionSummary> = {
    head: () => t('col.user'),
    cell: (session) => session().userName ?? session().userId,
    cellClass: 'max-w-40 truncate text-text-2',
  };
  return [
    {
      head: () => t('col.started'),
      cell: (session) => <SessionLink session={session()} now={props.now} />,
    },
    ...(props.hasUsers ? [user] : []),
    {
      head: () => t('col.model'),
      cell: (session) => <ModelCell session={session()} />,
      cellClass: 'whitespace-nowrap',
    },
    { head: () => t('col.state'), cell: (session) => <StateCell session={session()} /> },
    { head: () => t('col.path'), cell: (session) => <PathCell session={session()} /> },
    {
      head: () => t('col.duration'),
      cell: (session) => (
        <>
          <DurationCell session={session()} now={props.now} />
          <TimeLeft session={session()} now={props.now} />
        </>
      ),
      isEnd: true,
    },
    {
      head: () => t('col.cost'),
      cell: (session) => <CostCell session={session()} />,
      isEnd: true,
    },
    {
      head: () => t('col.outcome'),
      cell: (session) => <OutcomeCell session={session()} now={props.now} />,
      cellClass: 'min-w-44 text-text-2',
    },
  ];
}

function Card(props: { session: SessionSummary; now: number; hasUsers: boolean }): JSX.Element {
  return (
    <>
      <div class="flex items-center justify-between gap-3">
        <SessionLink session={props.session} now={props.now} />
        <span class="flex items-center gap-1.5">
          <Show when={props.session.isDemo}>
            <DemoBadge />
          </Show>
          <SessionBadge state={props.session.state} />
        </span>
      </div>
      <div class="flex items-start justify-between gap-3 text-table text-text-2">
        <span class="min-w-0 truncate">
          <Show when={props.hasUsers}>
            <span>{props.session.userName ?? props.session.userId} · </span>
          </Show>
          <span class="font-mono text-caption">{props.session.model}</span>
        </span>
        <span class="shrink-0 text-end">
          <DurationCell session={props.session} now={props.now} />
          <TimeLeft session={props.session} now={props.now} />
        </span>
      </div>
      <div class="flex items-center justify-between gap-3 text-table text-text-2">
        <OutcomeCell session={props.session} now={props.now} />
        <CostCell session={props.session} />
      </div>
    </>
  );
}

export function SessionsTable(props: SessionsListProps): JSX.Element {
  const { t } = useSessionText();
  const columns = createMemo(() => createColumns(props));
  return (
    <DataTable
      label={t('table')}
      density="one-line"
      rowTestId="session-row"
      rows={props.sessions}
      columns={columns()}
      card={(session) => <Card session={session()} now={props.now} hasUsers={props.hasUsers} />}
    />
  );
}
