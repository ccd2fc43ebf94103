import { createMemo, createSignal, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useKeyText } from './key-text.ts';
import { roundUp } from './usage-buckets.ts';
import type { UsageBucket } from './usage-buckets.ts';

const WIDTH = 720;
const HEIGHT = 168;
/** Room of the bars beside each other: the rest is the gap. */
const FILL = 0.72;
const TICKS = [0, 0.5, 1] as const;

type ChartProps = {
  buckets: readonly UsageBucket[];
  label: string;
  nameOf: (bucket: UsageBucket) => string;
  /** For the axis, where room is short. */
  shortNameOf: (bucket: UsageBucket) => string;
};

type BarsProps = { buckets: readonly UsageBucket[]; top: number; active: number | null };

function Bars(props: BarsProps): JSX.Element {
  const step = () => WIDTH / Math.max(1, props.buckets.length);
  const size = (value: number) => (value === 0 ? 0 : Math.max(2, (value / props.top) * HEIGHT));
  return (
    <For each={props.buckets}>
      {(bucket, index) => {
        const x = () => index() * step() + (step() * (1 - FILL)) / 2;
        const failed = () => size(bucket.errors);
        const passed = () => size(bucket.uses - bucket.errors);
        return (
          <g class={props.active === null || props.active === index() ? '' : 'opacity-45'}>
            <rect class="fill-danger" x={x()} y={HEIGHT - failed()} width={step() * FILL} height={failed()} />
            <rect
              class="fill-chart-1"
              x={x()}
              y={HEIGHT - failed() - passed()}
              width={step() * FILL}
              height={passed()}
            />
          </g>
        );
      }}
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

function Axis(props: ChartProps): JSX.Element {
  const marks = createMemo(() => {
    const last = props.buckets.length - 1;
    return [0, Math.round(last / 2), last].flatMap((index) => props.buckets[index] ?? []);
  });
  return (
    <div class="flex justify-between gap-2 text-caption text-text-3 figures" aria-hidden="true">
      <For each={marks()}>{(bucket) => <span>{props.shortNameOf(bucket)}</span>}</For>
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

/** Failed below, succeeded above. The pointer and the arrow keys read single bars; the same numbers exist as a table. */
export function UsageChart(props: ChartProps): JSX.Element {
  const { t, format } = useKeyText();
  const top = () => roundUp(Math.max(...props.buckets.map(({ uses }) => uses)));
  const cursor = createCursor(() => props.buckets.length);
  const shown = () => {
    const index = cursor.active();
    return index === null ? null : (props.buckets[index] ?? null);
  };
  const valueText = () => {
    const bucket = shown() ?? props.buckets.at(-1);
    return bucket === undefined ? '' : words(bucket);
  };
  const words = (bucket: UsageBucket) =>
    t('usage.bar', {
      time: props.nameOf(bucket),
      uses: format().integer(bucket.uses),
      errors: format().integer(bucket.errors),
    });
  return (
    <div class="flex flex-col gap-2">
      <div class="flex gap-2">
        <div
          class="flex h-42 flex-col-reverse justify-between text-end text-caption text-text-3 figures"
          aria-hidden="true"
        >
          <For each={TICKS}>
            {(part) => <span class="leading-none">{format().integer(top() * part)}</span>}
          </For>
        </div>
        <div
          role="slider"
          tabindex="0"
          aria-label={props.label}
          aria-valuemin="1"
          aria-valuemax={props.buckets.length}
          aria-valuenow={(cursor.active() ?? props.buckets.length - 1) + 1}
          aria-valuetext={valueText()}
          class="min-w-0 flex-1 rounded-chip"
          onPointerMove={(event) => cursor.point(event)}
          onPointerLeave={() => cursor.set(null)}
          onBlur={() => cursor.set(null)}
          onKeyDown={(event) => cursor.press(event)}
        >
          <Plot buckets={props.buckets} top={top()} active={cursor.active()} />
          <Axis {...props} />
        </div>
      </div>
      <p class="min-h-5 text-table text-text-2 figures" aria-hidden="true">
        <Show when={shown()} fallback={t('usage.hover')}>
          {(bucket) => words(bucket())}
        </Show>
      </p>
    </div>
  );
}
