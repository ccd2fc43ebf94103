import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { IdChip } from '../../ui/id-chip.tsx';
import { Fact, Nothing } from '../../ui/panel.tsx';
import { Capabilities, LastSeen, LoadCell, SilentSince, StatusBadge, Waiting } from './node-cells.tsx';
import { versionOf } from './node-state.ts';
import { useNodeText } from './node-text.ts';
import type { NodeDetail } from './node-types.ts';

function Text(props: { value: string | null }): JSX.Element {
  return (
    <Show when={props.value} fallback={<Nothing />}>
      {(value) => value()}
    </Show>
  );
}

/** What the directory tells of a node. */
export function NodeFacts(props: { node: NodeDetail; now: number }): JSX.Element {
  const { t, format } = useNodeText();
  return (
    <section class="card p-4 sm:p-5" aria-label={t('detail.facts')}>
      <dl class="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-4">
        <Fact label={t('col.status')}>
          <span class="flex flex-col gap-1">
            <StatusBadge status={props.node.status} />
            <SilentSince node={props.node} />
          </span>
        </Fact>
        <Fact label={t('col.lastSeen')}>
          <LastSeen at={props.node.lastSeenAt} now={props.now} />
        </Fact>
        <Fact label={t('col.load')}>
          <span class="block max-w-44">
            <LoadCell node={props.node} />
          </span>
        </Fact>
        <Fact label={t('col.waiting')}>
          <Waiting node={props.node} />
        </Fact>
        <Fact label={t('col.type')}>{props.node.type}</Fact>
        <Fact label={t('col.region')}>
          <Text value={props.node.region} />
        </Fact>
        <Fact label={t('detail.version')}>
          <Text value={versionOf(props.node)} />
        </Fact>
        <Fact label={t('detail.registered')}>
          <time datetime={props.node.createdAt}>{format().dateTime(new Date(props.node.createdAt))}</time>
        </Fact>
        <Fact label={t('detail.endpoint')} class="col-span-2">
          <IdChip id={props.node.endpoint} what={t('detail.endpoint')} isWhole />
        </Fact>
        <Fact label={t('col.capabilities')} class="col-span-2">
          <Capabilities names={props.node.capabilities} isWhole />
        </Fact>
      </dl>
    </section>
  );
}
