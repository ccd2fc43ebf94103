import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Panel } from '../../ui/panel.tsx';
import { TimelineFacts, TimelineItem } from '../../ui/timeline.tsx';
import { TargetEntries } from '../audit/target-entries.tsx';
import type { AuditEntry } from '../audit/target-entries.tsx';
import { describeAudit } from './audit-words.ts';
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
            <dt class="wrap-anywhere text-table text-text-2">{name}</dt>
            <dd class="wrap-anywhere font-mono text-caption leading-5">{toText(value)}</dd>
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

function Entry(props: { entry: AuditEntry }): JSX.Element {
  const { t } = useNodeText();
  const words = () => describeAudit(props.entry);
  const title = () => {
    const { message, code } = words();
    return message === null ? code : t(message);
  };
  const actor = () => props.entry.actorName ?? props.entry.actorId ?? t('history.unknown');
  return (
    <TimelineItem tone={words().tone} action={props.entry.action} title={title()}>
      <TimelineFacts at={props.entry.at} by={t('history.by', { actor: actor() })} facts={words().facts} />
    </TimelineItem>
  );
}

/** What the audit log has about this node, the newest first. */
export function HistoryPanel(props: { nodeId: string }): JSX.Element {
  const { t } = useNodeText();
  return (
    <Panel title={t('history.title')}>
      <TargetEntries
        target={props.nodeId}
        limit={SHOWN_ENTRIES}
        label={t('history.title')}
        none={t('history.none')}
        class="max-h-96"
      >
        {(entry) => <Entry entry={entry} />}
      </TargetEntries>
    </Panel>
  );
}
