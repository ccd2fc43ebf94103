import { A } from '@solidjs/router';
import { createMemo, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Nothing } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DemoBadge, SessionBadge } from './session-badge.tsx';
import { DurationCell, OutcomeCell, PathCell } from './session-cells.tsx';
import type { SessionSummary } from './session-types.ts';

export type SessionsListProps = { sessions: readonly SessionSummary[]; now: number; hasUsers: boolean };

function SessionLink(props: { session: SessionSummary; now: number }): JSX.Element {
  const { t } = useI18n();
  return (
    <A
      href={`/sessions/${props.session.id}`}
      class="font-medium text-text no-underline after:absolute after:inset-0 group-hover:text-accent"
    >
      <span class="sr-only">{t('sessions.open', { id: props.session.id })} </span>
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

function MessagesCell(props: { session: SessionSummary }): JSX.Element {
  const { format } = useI18n();
  return (
    <Show when={props.session.messageCount !== null} fallback={<Nothing />}>
      {format().integer(props.session.messageCount ?? 0)}
    </Show>
  );
}

function createColumns(props: SessionsListProps): Column<SessionSummary>[] {
  const { t } = useI18n();
  const user: Column<SessionSummary> = {
    head: () => t('sessions.col.user'),
    cell: (session) => session().userName ?? <Nothing />,
    cellClass: 'max-w-44 truncate text-text-2',
  };
  return [
    {
      head: () => t('sessions.col.started'),
      cell: (session) => <SessionLink session={session()} now={props.now} />,
    },
    ...(props.hasUsers ? [user] : []),
    {
      head: () => t('sessions.col.model'),
      cell: (session) => <ModelCell session={session()} />,
      cellClass: 'whitespace-nowrap',
    },
    { head: () => t('sessions.col.state'), cell: (session) => <StateCell session={session()} /> },
    { head: () => t('sessions.col.path'), cell: (session) => <PathCell session={session()} /> },
    {
      head: () => t('sessions.col.duration'),
      cell: (session) => <DurationCell session={session()} now={props.now} />,
      isEnd: true,
    },
    {
      head: () => t('sessions.col.messages'),
      cell: (session) => <MessagesCell session={session()} />,
      cellClass: 'font-mono figures',
      isEnd: true,
    },
    {
      head: () => t('sessions.col.outcome'),
      cell: (session) => <OutcomeCell session={session()} now={props.now} />,
      cellClass: 'min-w-44 text-text-2',
    },
  ];
}

function Card(props: { session: SessionSummary; now: number; hasUsers: boolean }): JSX.Element {
  const { plural } = useI18n();
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
      <div class="flex items-center justify-between gap-3 text-table text-text-2">
        <span class="min-w-0 truncate">
          <Show when={props.hasUsers && props.session.userName}>{(name) => <span>{name()} · </span>}</Show>
          <span class="font-mono text-caption">{props.session.model}</span>
        </span>
        <DurationCell session={props.session} now={props.now} />
      </div>
      <Show when={props.session.messageCount !== null || props.session.state === 'failed'}>
        <div class="flex items-center justify-between gap-3 text-table text-text-2">
          <OutcomeCell session={props.session} now={props.now} />
          <Show when={props.session.messageCount}>
            {(count) => <span class="shrink-0">{plural('sessions.messages', count())}</span>}
          </Show>
        </div>
      </Show>
    </>
  );
}

export function SessionsTable(props: SessionsListProps): JSX.Element {
  const { t } = useI18n();
  const columns = createMemo(() => createColumns(props));
  return (
    <DataTable
      label={t('sessions.table')}
      density="one-line"
      rowTestId="session-row"
      rows={props.sessions}
      columns={columns()}
      card={(session) => <Card session={session()} now={props.now} hasUsers={props.hasUsers} />}
    />
  );
}
