import { createMemo, createSignal, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { roundUp } from './axis.ts';

const WIDTH = 720;
const HEIGHT = 168;
/** Room of the bars beside each other: the rest is the gap. */
const FILL = 0.72;
const TICKS = [0, 0.5, 1] as const;

const COLORS = {
  'chart-1': { fill: 'fill-chart-1', dot: 'bg-chart-1' },
  'chart-2': { fill: 'fill-chart-2', dot: 'bg-chart-2' },
  'chart-3': { fill: 'fill-chart-3', dot: 'bg-chart-3' },
  'chart-4': { fill: 'fill-chart-4', dot: 'bg-chart-4' },
  'chart-5': { fill: 'fill-chart-5', dot: 'bg-chart-5' },
  'chart-6': { fill: 'fill-chart-6', dot: 'bg-chart-6' },
  danger: { fill: 'fill-danger', dot: 'bg-danger' },
} as const;

export type ChartSeries = { label: string; color: keyof typeof COLORS };

/** `values` in the order of the series, from the top of the bar down. */
export type ChartBar = { name: string; shortName: string; values: readonly number[] };

type BarsProps = {
  bars: readonly ChartBar[];
  series: readonly ChartSeries[];
  top: number;
  active: number | null;
};

/** From the top down: each part stands on all that come after it. */
function stack(values: readonly number[], top: number): { y: number; height: number }[] {
  const heights = values.map((value) => (value === 0 ? 0 : Math.max(2, (value / top) * HEIGHT)));
  return heights.map((height, index) => ({
    y: HEIGHT - heights.slice(index).reduce((sum, part) => sum + part, 0),
    height,
  }));
}

function Bars(props: BarsProps): JSX.Element {
  const step = () => WIDTH / Math.max(1, props.bars.length);
  return (
    <For each={props.bars}>
      {(bar, index) => (
        <g class={props.active === null || props.active === index() ? '' : 'opacity-45'}>
          <For each={stack(bar.values, props.top)}>
            {(part, at) => (
              <rect
                class={COLORS[props.series[at()]?.color ?? 'chart-1'].fill}
                x={index() * step() + (step() * (1 - FILL)) / 2}
                y={part.y}
                width={step() * FILL}
                height={part.height}
              />
            )}
          </For>
        </g>
      )}
    </For>
  );
}

function Plot(props: BarsProps): JSX.Element {
  return (
    <svg
      class="h-42 w-full border-b border-border"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <line class="stroke-border" x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} stroke-dasharray="3 4" />
      <line class="stroke-border" x1="0" x2={WIDTH} y1="0.5" y2="0.5" stroke-dasharray="3 4" />
      <Bars {...props} />
    </svg>
  );
}

function Axis(props: { bars: readonly ChartBar[] }): JSX.Element {
  const marks = createMemo(() => {
    const last = props.bars.length - 1;
    return [0, Math.round(last / 2), last].flatMap((index) => props.bars[index] ?? []);
  });
  return (
    <div class="flex justify-between gap-2 text-caption text-text-3 figures" aria-hidden="true">
      <For each={marks()}>{(bar) => <span>{bar.shortName}</span>}</For>
    </div>
  );
}

function Ticks(props: { top: number; formatTick: (value: number) => string }): JSX.Element {
  return (
    <div
      class="flex h-42 flex-col-reverse justify-between text-end text-caption text-text-3 figures"
      aria-hidden="true"
    >
      <For each={TICKS}>
        {(part) => <span class="leading-none">{props.formatTick(props.top * part)}</span>}
      </For>
    </div>
  );
}

function createCursor(count: () => number) {
  const [active, setActive] = createSignal<number | null>(null);
  return {
    active,
    set: setActive,
    point(event: PointerEvent & { currentTarget: Element }): void {
      const box = event.currentTarget.getBoundingClientRect();
      const index = Math.floor(((event.clientX - box.left) / Math.max(1, box.width)) * count());
      setActive(Math.min(count() - 1, Math.max(0, index)));
    },
    press(event: KeyboardEvent): void {
      const last = count() - 1;
      const current = active() ?? last + (event.key === 'ArrowRight' ? -1 : 1);
      const to: Readonly<Record<string, number>> = {
        ArrowLeft: current - 1,
        ArrowRight: current + 1,
        Home: 0,
        End: last,
      };
      const next = to[event.key];
      if (next === undefined) return;
      event.preventDefault();
      setActive(Math.min(last, Math.max(0, next)));
    },
  };
}

type StackedBarsProps = {
  bars: readonly ChartBar[];
  series: readonly ChartSeries[];
  /** What it shows, and that arrow keys read it. */
  label: string;
  /** Where the words of a bar will stand. */
  hint: string;
  formatTick: (value: number) => string;
  /** One bar in words, by its place. */
  describe: (index: number) => string;
};

/** Bars over time. The pointer and the arrow keys read single ones; the same numbers belong beside it as a table. */
export function StackedBars(props: StackedBarsProps): JSX.Element {
  const top = () => roundUp(Math.max(...props.bars.map(({ values }) => values.reduce((a, b) => a + b, 0))));
  const cursor = createCursor(() => props.bars.length);
  const last = () => props.bars.length - 1;
  const words = (index: number) => (props.bars[index] === undefined ? '' : props.describe(index));
  const shown = () => {
    const index = cursor.active();
    return index === null ? '' : words(index);
  };
  return (
    <div class="flex flex-col gap-2">
      <div class="flex gap-2">
        <Ticks top={top()} formatTick={props.formatTick} />
        <div
          role="slider"
          tabindex="0"
          aria-label={props.label}
          aria-valuemin="1"
          aria-valuemax={props.bars.length}
          aria-valuenow={(cursor.active() ?? last()) + 1}
          aria-valuetext={shown() || words(last())}
          class="min-w-0 flex-1 rounded-chip"
          onPointerMove={(event) => cursor.point(event)}
          onPointerLeave={() => cursor.set(null)}
          onBlur={() => cursor.set(null)}
          onKeyDown={(event) => cursor.press(event)}
        >
          <Plot bars={props.bars} series={props.series} top={top()} active={cursor.active()} />
          <Axis bars={props.bars} />
        </div>
      </div>
      <p class="min-h-5 text-table text-text-2 figures" aria-hidden="true">
        <Show when={shown()} fallback={props.hint}>
          {(text) => text()}
        </Show>
      </p>
    </div>
  );
}

export function ChartLegend(props: { series: readonly ChartSeries[] }): JSX.Element {
  return (
    <ul class="flex flex-wrap gap-x-4 gap-y-1 text-caption text-text-2">
      <For each={props.series}>
        {(series) => (
          <li class="flex items-center gap-1.5">
            <span aria-hidden="true" class={`size-2.5 shrink-0 rounded-[2px] ${COLORS[series.color].dot}`} />
            <span class="max-w-48 truncate">{series.label}</span>
          </li>
        )}
      </For>
    </ul>
  );
}
