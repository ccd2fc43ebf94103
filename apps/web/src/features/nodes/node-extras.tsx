import { useQuery } from '@tanstack/solid-query';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Delayed, Skeleton } from '../../ui/skeleton.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { TimelineItem } from '../../ui/timeline.tsx';
import { describeAudit } from './audit-words.ts';
import type { AuditEntry } from './audit-words.ts';
import { useNodeText } from './node-text.ts';
import type { NodeDetail } from './node-types.ts';

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Pairs(props: { values: Readonly<Record<string, unknown>> }): JSX.Element {
  return (
    <dl class="flex flex-col divide-y divide-border">
      <For each={Object.entries(props.values)}>
        {([name, value]) => (
          <div class="grid grid-cols-[minmax(90px,2fr)_minmax(0,3fr)] gap-3 py-1.5">
            <dt class="break-words text-table text-text-2">{name}</dt>
            <dd class="break-words font-mono text-caption leading-5">{toText(value)}</dd>
          </div>
        )}
      </For>
    </dl>
  );
}

/** What the node tells of itself in words of its own. */
export function TellingsPanel(props: { node: NodeDetail }): JSX.Element {
  const { t } = useNodeText();
  const resources = () => props.node.availableResources ?? {};
  const isEmpty = () => Object.keys({ ...props.node.metadata, ...resources() }).length === 0;
  return (
    <Panel title={t('tellings.title')}>
      <Show when={isEmpty()}>
        <p class="text-body text-text-2">{t('tellings.none')}</p>
      </Show>
      <Show when={Object.keys(props.node.metadata).length > 0}>
        <div>
          <h3 class="pb-1 text-caption text-text-3">{t('tellings.metadata')}</h3>
          <Pairs values={props.node.metadata} />
        </div>
      </Show>
      <Show when={Object.keys(resources()).length > 0}>
        <div>
          <h3 class="pb-1 text-caption text-text-3">{t('tellings.resources')}</h3>
          <Pairs values={resources()} />
        </div>
      </Show>
    </Panel>
  );
}

const SHOWN_ENTRIES = 20;
const POLL_MS = 15_000;

function Entry(props: { entry: AuditEntry }): JSX.Element {
  const { t, format } = useNodeText();
  const words = () => describeAudit(props.entry);
  const title = () => {
    const { message, code } = words();
    return message === null ? code : t(message);
  };
  const actor = () => props.entry.actorName ?? props.entry.actorId ?? t('history.unknown');
  return (
    <TimelineItem tone={words().tone} action={props.entry.action} title={title()}>
      <p class="text-table text-text-2">
        <time datetime={props.entry.at}>{format().dateTime(new Date(props.entry.at))}</time>
        {' · '}
        {t('history.by', { actor: actor() })}
      </p>
      <Show when={words().facts !== ''}>
        <p class="break-words font-mono text-caption text-text-3">{words().facts}</p>
      </Show>
    </TimelineItem>
  );
}

/** What the audit log has about this node, the newest first. */
export function HistoryPanel(props: { nodeId: string }): JSX.Element {
  const { t } = useNodeText();
  const i18n = useI18n();
  const { trpc } = useApi();
  const query = useQuery(() => ({
    ...trpc.audit.list.queryOptions({ target: props.nodeId, limit: SHOWN_ENTRIES }),
    refetchInterval: POLL_MS,
  }));
  const entries = () => findData(query)?.items;
  return (
    <Panel title={t('history.title')}>
      <Switch>
        <Match when={entries()?.length === 0}>
          <p class="text-body text-text-2">{t('history.none')}</p>
        </Match>
        <Match when={entries()}>
          {(shown) => (
            <ol
              class="flex max-h-96 flex-col overflow-y-auto scroll-quiet"
              tabindex="0"
              aria-label={t('history.title')}
            >
              <For each={shown()}>{(entry) => <Entry entry={entry} />}</For>
            </ol>
          )}
        </Match>
        <Match when={query.isError}>
          <ErrorNotice error={toUiError(query.error, i18n.t)} />
        </Match>
        <Match when={query.isPending}>
          <Delayed>
            <Skeleton class="h-32 w-full" />
          </Delayed>
        </Match>
      </Switch>
    </Panel>
  );
}
