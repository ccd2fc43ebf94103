import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
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

function Row(props: { session: SessionSummary; now: number; hasUsers: boolean }): JSX.Element {
  const { format } = useI18n();
  return (
    <tr
      data-testid="session-row"
      data-session-id={props.session.id}
      class="group relative border-t border-border transition-colors hover:bg-surface [&>td]:px-3 [&>td]:py-2.5 [&>td]:align-middle"
    >
      <td>
        <SessionLink session={props.session} now={props.now} />
      </td>
      <Show when={props.hasUsers}>
        <td class="max-w-44 truncate text-text-2">{props.session.userName ?? <Nothing />}</td>
      </Show>
      <td class="whitespace-nowrap">
        <Show when={props.session.model} fallback={<Nothing />}>
          <span class="font-mono text-caption">{props.session.model}</span>
        </Show>
      </td>
      <td>
        <span class="flex items-center gap-1.5">
          <SessionBadge state={props.session.state} />
          <Show when={props.session.isDemo}>
            <DemoBadge />
          </Show>
        </span>
      </td>
      <td>
        <PathCell session={props.session} />
      </td>
      <td class="text-end">
        <DurationCell session={props.session} now={props.now} />
      </td>
      <td class="text-end font-mono figures">
        <Show when={props.session.messageCount !== null} fallback={<Nothing />}>
          {format().integer(props.session.messageCount ?? 0)}
        </Show>
      </td>
      <td class="min-w-44 text-text-2">
        <OutcomeCell session={props.session} now={props.now} />
      </td>
    </tr>
  );
}

export function SessionsTable(props: SessionsListProps): JSX.Element {
  const { t } = useI18n();
  return (
    <div
      class="hidden overflow-x-auto scroll-quiet md:block"
      role="region"
      aria-label={t('sessions.table')}
      tabindex="0"
    >
      <table class="w-full border-collapse text-table">
        <caption class="sr-only">{t('sessions.table')}</caption>
        <thead>
          <tr class="bg-surface text-start text-caption text-text-2 [&>th]:whitespace-nowrap [&>th]:px-3 [&>th]:py-2 [&>th]:text-start [&>th]:font-medium">
            <th scope="col">{t('sessions.col.started')}</th>
            <Show when={props.hasUsers}>
              <th scope="col">{t('sessions.col.user')}</th>
            </Show>
            <th scope="col">{t('sessions.col.model')}</th>
            <th scope="col">{t('sessions.col.state')}</th>
            <th scope="col">{t('sessions.col.path')}</th>
            <th scope="col">
              <span class="block text-end">{t('sessions.col.duration')}</span>
            </th>
            <th scope="col">
              <span class="block text-end">{t('sessions.col.messages')}</span>
            </th>
            <th scope="col">{t('sessions.col.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.sessions}>
            {(session) => <Row session={session} now={props.now} hasUsers={props.hasUsers} />}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function Card(props: { session: SessionSummary; now: number; hasUsers: boolean }): JSX.Element {
  const { plural } = useI18n();
  return (
    <li class="group relative flex flex-col gap-2 border-t border-border px-4 py-3.5 first:border-t-0">
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
    </li>
  );
}

/** The same rows for a narrow screen. */
export function SessionsCards(props: SessionsListProps): JSX.Element {
  const { t } = useI18n();
  return (
    <ul class="md:hidden" aria-label={t('sessions.table')}>
      <For each={props.sessions}>
        {(session) => <Card session={session} now={props.now} hasUsers={props.hasUsers} />}
      </For>
    </ul>
  );
}
