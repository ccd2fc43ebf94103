import { useQuery } from '@tanstack/solid-query';
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { NoAnswer } from '../../api/no-answer.tsx';
import { FigureTable } from '../../ui/figure-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ViewChoice } from '../../ui/view-choice.tsx';
import type { View } from '../../ui/view-choice.tsx';
import {
  ASKED_BEATS,
  countHeard,
  createSlots,
  drawLine,
  findSpan,
  listMetrics,
} from './heartbeat-history.ts';
import type { Metric, Slot, SlotState, Span } from './heartbeat-history.ts';
import { useNodeText } from './node-text.ts';
import type { Heartbeat, Heartbeats, NodeDetail } from './node-types.ts';

const POLL_MS = 10_000;
const BOX = { width: 240, height: 44 };
/** Signs of life that may be missing before a line breaks, as before a node counts as unreachable. */
const MISSED = 3;
const SHOWN_BEATS = 120;

const FILLS: Readonly<Record<SlotState, string>> = {
  good: 'fill-success',
  poor: 'fill-warning',
  none: 'fill-danger',
  before: 'fill-border',
};
const DOTS: Readonly<Record<SlotState, string>> = {
  good: 'bg-success',
  poor: 'bg-warning',
  none: 'bg-danger',
  before: 'bg-border',
};
const LEGEND: readonly SlotState[] = ['good', 'poor', 'none', 'before'];

function createMetricFormat() {
  const { format } = useNodeText();
  return (metric: Pick<Metric, 'isPercent'>, value: number) =>
    metric.isPercent ? format().percent(value / 100) : format().compact(value);
}

/** A name as machines write it, as people read it. */
function readable(name: string): string {
  return name.replaceAll(/[._:-]+/g, ' ');
}

/** When a node was heard, one mark for each part of the time. The table beside it has every sign of life. */
function Strip(props: { slots: readonly Slot[]; span: Span }): JSX.Element {
  const { t, format } = useNodeText();
  const time = (ms: number) => format().timeShort(new Date(ms));
  const isUsed = (state: SlotState) => props.slots.some((slot) => slot.state === state);
  return (
    <div class="flex flex-col gap-1.5">
      <svg
        class="h-8 w-full"
        viewBox={`0 0 ${props.slots.length * 4} 32`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <For each={props.slots}>
          {(slot, index) => (
            <rect class={FILLS[slot.state]} x={index() * 4 + 0.5} y="0" width="3" height="32" rx="1">
              <title>{`${time(slot.startMs)} – ${time(slot.endMs)}: ${t(`beats.${slot.state}`)}`}</title>
            </rect>
          )}
        </For>
      </svg>
      <div class="flex justify-between gap-2 text-caption text-text-3 figures" aria-hidden="true">
        <span>{time(props.span.fromMs)}</span>
        <span>{t('beats.now')}</span>
      </div>
      <ul class="flex flex-wrap gap-x-4 gap-y-1 text-caption text-text-2">
        <For each={LEGEND.filter(isUsed)}>
          {(state) => (
            <li class="flex items-center gap-1.5">
              <span aria-hidden="true" class={`size-2.5 shrink-0 rounded-[2px] ${DOTS[state]}`} />
              {t(`beats.${state}`)}
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}

function MetricTile(props: { metric: Metric; span: Span; gapMs: number }): JSX.Element {
  const formatMetric = createMetricFormat();
  const line = () => drawLine(props.metric, { span: props.span, box: BOX, gapMs: props.gapMs });
  return (
    <li class="flex min-w-0 flex-col gap-1 rounded-control border border-border px-3 py-2">
      <span class="flex items-baseline justify-between gap-2">
        <span class="min-w-0 truncate text-caption text-text-2">{readable(props.metric.name)}</span>
        <span class="shrink-0 font-mono text-table figures">
          {formatMetric(props.metric, props.metric.last)}
        </span>
      </span>
      <svg
        class="h-11 w-full overflow-visible"
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <line
          class="stroke-border"
          x1="0"
          x2={BOX.width}
          y1={BOX.height}
          y2={BOX.height}
          vector-effect="non-scaling-stroke"
        />
        <path
          class="fill-none stroke-chart-1"
          d={line()}
          stroke-width="1.75"
          stroke-linecap="round"
          stroke-linejoin="round"
          vector-effect="non-scaling-stroke"
        />
      </svg>
    </li>
  );
}

function BeatTable(props: { beats: readonly Heartbeat[]; metrics: readonly Metric[] }): JSX.Element {
  const { t, format } = useNodeText();
  const formatMetric = createMetricFormat();
  return (
    <FigureTable
      label={t('beats.title')}
      columns={[t('beats.time'), t('col.status'), ...props.metrics.map(({ name }) => readable(name))]}
      rows={props.beats.slice(0, SHOWN_BEATS).map((beat) => ({
        name: format().time(new Date(beat.at)),
        figures: [
          beat.status,
          ...props.metrics.map((metric) => {
            const value = beat.metrics[metric.name];
            return value === undefined ? null : formatMetric(metric, value);
          }),
        ],
      }))}
    />
  );
}

function Picture(props: {
  node: NodeDetail;
  history: Heartbeats;
  metrics: readonly Metric[];
  now: number;
}): JSX.Element {
  const { t, format } = useNodeText();
  const span = createMemo(() => findSpan(props.history, props.now));
  const slots = createMemo(() =>
    createSlots({
      beats: props.history.items,
      span: span(),
      registeredAtMs: Date.parse(props.node.createdAt),
    }),
  );
  const heard = () => countHeard(slots());
  return (
    <>
      <p class="text-table text-text-2 figures">
        {t('beats.heard', {
          heard: format().integer(heard().heard),
          known: format().integer(heard().known),
          length: format().duration((span().toMs - span().fromMs) / slots().length / 1_000),
        })}
      </p>
      <Strip slots={slots()} span={span()} />
      <Show when={props.metrics.length > 0}>
        <ul
          class="grid grid-cols-1 gap-2.5 min-[360px]:grid-cols-2 lg:grid-cols-3"
          aria-label={t('beats.metrics')}
        >
          <For each={props.metrics}>
            {(metric) => (
              <MetricTile metric={metric} span={span()} gapMs={MISSED * props.history.everySeconds * 1_000} />
            )}
          </For>
        </ul>
      </Show>
    </>
  );
}

const SLOT_MS = 30_000;

/** What a node said of itself in the last two hours, as a picture or as numbers. */
export function HeartbeatsPanel(props: { node: NodeDetail; now: number }): JSX.Element {
  const { t } = useNodeText();
  const { trpc } = useApi();
  const [view, setView] = createSignal<View>('chart');
  const query = useQuery(() => ({
    ...trpc.nodes.listHeartbeats.queryOptions({ id: props.node.id, limit: ASKED_BEATS }),
    refetchInterval: POLL_MS,
  }));
  const history = () => findData(query);
  const metrics = createMemo(() => listMetrics(history()?.items ?? []));
  // The picture moves on with what is heard, not with every second.
  const clock = createMemo(() => Math.ceil(props.now / SLOT_MS) * SLOT_MS);
  return (
    <Panel
      title={t('beats.title')}
      aside={<ViewChoice name="heartbeat-view" view={view()} onChange={setView} />}
    >
      <Switch fallback={<NoAnswer query={query} class="h-44 w-full" />}>
        <Match when={history()?.items.length === 0}>
          <p class="text-body text-text-2">{t('beats.empty')}</p>
        </Match>
        <Match when={history()}>
          {(shown) => (
            <Show
              when={view() === 'chart'}
              fallback={<BeatTable beats={shown().items} metrics={metrics()} />}
            >
              <Picture node={props.node} history={shown()} metrics={metrics()} now={clock()} />
            </Show>
          )}
        </Match>
      </Switch>
    </Panel>
  );
}
