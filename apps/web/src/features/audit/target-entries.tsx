import type { RouterOutputs } from '@ephemera/api';
import { useQuery } from '@tanstack/solid-query';
import { For, Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Delayed, Skeleton } from '../../ui/skeleton.tsx';
import { ErrorNotice } from '../../ui/states.tsx';

export type AuditEntry = RouterOutputs['audit']['list']['items'][number];

const POLL_MS = 15_000;

/** What the audit log has about one thing, the newest first. */
export function TargetEntries(props: {
  target: string;
  limit: number;
  label: string;
  /** Said where the log has nothing. */
  none: string;
  /** How high the list may get. */
  class: string;
  children: (entry: AuditEntry) => JSX.Element;
}): JSX.Element {
  const { t } = useI18n();
  const { trpc } = useApi();
  const query = useQuery(() => ({
    ...trpc.audit.list.queryOptions({ target: props.target, limit: props.limit }),
    refetchInterval: POLL_MS,
  }));
  const entries = () => findData(query)?.items;
  return (
    <Switch>
      <Match when={entries()?.length === 0}>
        <p class="text-body text-text-2">{props.none}</p>
      </Match>
      <Match when={entries()}>
        {(shown) => (
          <ol
            class={`flex flex-col overflow-y-auto scroll-quiet ${props.class}`}
            tabindex="0"
            aria-label={props.label}
          >
            <For each={shown()}>{(entry) => props.children(entry)}</For>
          </ol>
        )}
      </Match>
      <Match when={query.isError}>
        <ErrorNotice error={toUiError(query.error, t)} />
      </Match>
      <Match when={query.isPending}>
        <Delayed>
          <Skeleton class="h-32 w-full" />
        </Delayed>
      </Match>
    </Switch>
  );
}
