import { A } from '@solidjs/router';
import { createMemo, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { toIdPath } from '../../ui/id-path.ts';
import { truncateMiddle } from '../../ui/id-chip.tsx';
import { Nothing } from '../../ui/panel.tsx';
import {
  Capabilities,
  DemoBadge,
  LastSeen,
  LoadCell,
  SilentSince,
  StatusBadge,
  Waiting,
} from './node-cells.tsx';
import { isDemo, isReachable, versionOf } from './node-state.ts';
import { useNodeText } from './node-text.ts';
import type { NodeSummary } from './node-types.ts';

type TableProps = { nodes: readonly NodeSummary[]; now: number };

export function toNodeHref(id: string): string {
  return `/nodes/${toIdPath(id)}`;
}

/** A node that shows signs of life is marked at the edge of its row, and in words beside it. */
function NodeLink(props: { node: NodeSummary }): JSX.Element {
  return (
    <A
      href={toNodeHref(props.node.id)}
      class="flex min-w-0 flex-col text-text no-underline after:absolute after:inset-0 group-hover:text-accent"
    >
      <Show when={isReachable(props.node.status)}>
        <span aria-hidden="true" class="absolute inset-y-0 start-0 w-[3px] bg-success" />
      </Show>
      <span class="truncate font-medium">{props.node.name}</span>
      <code class="truncate font-mono text-caption text-text-3">{truncateMiddle(props.node.id, 20, 6)}</code>
    </A>
  );
}

function TypeCell(props: { node: NodeSummary }): JSX.Element {
  const version = () => versionOf(props.node);
  return (
    <span class="flex flex-col">
      <span class="line-clamp-2 wrap-anywhere" title={props.node.type}>
        {props.node.type}
      </span>
      <Show when={version()}>
        {(shown) => <span class="font-mono text-caption text-text-3">{shown()}</span>}
      </Show>
    </span>
  );
}

function State(props: { node: NodeSummary }): JSX.Element {
  return (
    <span class="flex flex-wrap gap-1.5">
      <StatusBadge status={props.node.status} />
      <Show when={isDemo(props.node)}>
        <DemoBadge />
      </Show>
      <SilentSince node={props.node} />
    </span>
  );
}

function createColumns(props: TableProps): Column<NodeSummary>[] {
  const { t } = useNodeText();
  return [
    { head: () => t('col.node'), cell: (node) => <NodeLink node={node()} />, cellClass: 'max-w-64' },
    { head: () => t('col.status'), cell: (node) => <State node={node()} />, cellClass: 'min-w-47' },
    { head: () => t('col.type'), cell: (node) => <TypeCell node={node()} />, cellClass: 'min-w-36 max-w-44' },
    {
      head: () => t('col.region'),
      cell: (node) => (
        <Show when={node().region} fallback={<Nothing />}>
          {(region) => region()}
        </Show>
      ),
      cellClass: 'min-w-24 max-w-40 wrap-anywhere',
    },
    {
      head: () => t('col.capabilities'),
      cell: (node) => <Capabilities names={node().capabilities} />,
      cellClass: 'max-w-64',
    },
    { head: () => t('col.load'), cell: (node) => <LoadCell node={node()} /> },
    { head: () => t('col.waiting'), cell: (node) => <Waiting node={node()} />, isEnd: true },
    {
      head: () => t('col.lastSeen'),
      cell: (node) => <LastSeen at={node().lastSeenAt} now={props.now} />,
      cellClass: 'text-text-2',
    },
  ];
}

function Card(props: { node: NodeSummary; now: number }): JSX.Element {
  const { t } = useNodeText();
  const where = () =>
    [props.node.type, versionOf(props.node), props.node.region].filter((part) => part !== null).join(' · ');
  return (
    <>
      <div class="flex items-start justify-between gap-3">
        <NodeLink node={props.node} />
        <span class="shrink-0">
          <StatusBadge status={props.node.status} />
        </span>
      </div>
      <div class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 text-table text-text-2">
        <span class="flex min-w-0 flex-wrap items-center gap-x-2 wrap-anywhere">
          {where()}
          <Show when={isDemo(props.node)}>
            <DemoBadge />
          </Show>
        </span>
        <span class="flex flex-wrap items-baseline gap-x-2">
          <LastSeen at={props.node.lastSeenAt} now={props.now} />
          <SilentSince node={props.node} />
        </span>
      </div>
      <Capabilities names={props.node.capabilities} />
      <div class="flex items-center justify-between gap-4 text-table text-text-2">
        <span class="flex flex-1 items-center gap-2">
          {t('col.load')}
          <span class="max-w-44 flex-1">
            <LoadCell node={props.node} />
          </span>
        </span>
        <span class="flex items-center gap-2">
          {t('col.waiting')}
          <Waiting node={props.node} />
        </span>
      </div>
    </>
  );
}

export function NodesTable(props: TableProps): JSX.Element {
  const { t } = useNodeText();
  const columns = createMemo(() => createColumns(props));
  return (
    <DataTable
      label={t('table')}
      density="tall"
      rowTestId="node-row"
      rows={props.nodes}
      columns={columns()}
      card={(node) => <Card node={node()} now={props.now} />}
    />
  );
}
