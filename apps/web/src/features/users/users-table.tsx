import { A } from '@solidjs/router';
import { createMemo, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { truncateMiddle } from '../../ui/id-chip.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useLimitText } from '../budgets/limit-text.ts';
import type { UserSummary } from '../budgets/limit-types.ts';
import { nameOfUser, OwnLimitsBadge, SpendCell, UserBadge } from './user-cells.tsx';
import { toUserHref } from './user-href.ts';

type UsersTableProps = { users: readonly UserSummary[]; now: number };

function UserLink(props: { user: UserSummary }): JSX.Element {
  const { t } = useLimitText();
  return (
    <A
      href={toUserHref(props.user.id)}
      class="flex min-w-0 flex-col text-text no-underline after:absolute after:inset-0 group-hover:text-accent"
    >
      <span class="truncate font-medium">
        <span class="sr-only">{t('users.open', { name: nameOfUser(props.user) })}</span>
        <span aria-hidden="true">{nameOfUser(props.user)}</span>
      </span>
      <Show when={props.user.name}>
        <code class="truncate font-mono text-caption text-text-3">
          {truncateMiddle(props.user.id, 14, 6)}
        </code>
      </Show>
    </A>
  );
}

function Badges(props: { user: UserSummary }): JSX.Element {
  return (
    <span class="flex flex-wrap items-center gap-1.5">
      <UserBadge user={props.user} />
      <OwnLimitsBadge user={props.user} />
    </span>
  );
}

function createColumns(props: UsersTableProps): Column<UserSummary>[] {
  const { t, format } = useLimitText();
  const count = (value: number) => (
    <span class={`font-mono figures ${value === 0 ? 'text-text-3' : ''}`}>{format().integer(value)}</span>
  );
  return [
    { head: () => t('users.col.user'), cell: (user) => <UserLink user={user()} />, cellClass: 'max-w-64' },
    { head: () => t('users.col.state'), cell: (user) => <Badges user={user()} /> },
    { head: () => t('users.col.sessions'), cell: (user) => count(user().sessionCount), isEnd: true },
    { head: () => t('users.col.open'), cell: (user) => count(user().openSessions), isEnd: true },
    {
      head: () => t('users.col.spend'),
      cell: (user) => <SpendCell user={user()} />,
      cellClass: 'min-w-56',
    },
    {
      head: () => t('users.col.lastSeen'),
      cell: (user) => <RelativeTime at={user().lastSeenAt} now={props.now} />,
      cellClass: 'text-text-2',
    },
  ];
}

function Card(props: { user: UserSummary; now: number }): JSX.Element {
  const { plural } = useLimitText();
  return (
    <>
      <div class="flex items-start justify-between gap-3">
        <UserLink user={props.user} />
        <span class="shrink-0">
          <UserBadge user={props.user} />
        </span>
      </div>
      <SpendCell user={props.user} />
      <div class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 text-table text-text-2">
        <span>
          {plural('users.sessionCount', props.user.sessionCount)}
          <Show when={props.user.openSessions > 0}>
            {' · '}
            {plural('users.openCount', props.user.openSessions)}
          </Show>
        </span>
        <RelativeTime at={props.user.lastSeenAt} now={props.now} />
      </div>
      <OwnLimitsBadge user={props.user} />
    </>
  );
}

export function UsersTable(props: UsersTableProps): JSX.Element {
  const { t } = useLimitText();
  const columns = createMemo(() => createColumns(props));
  return (
    <DataTable
      label={t('users.table')}
      density="tall"
      rowTestId="user-row"
      rows={props.users}
      columns={columns()}
      card={(user) => <Card user={user()} now={props.now} />}
    />
  );
}
