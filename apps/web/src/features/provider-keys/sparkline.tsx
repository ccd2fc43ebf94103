import { createMemo, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useKeyText } from './key-text.ts';

const HOUR_MS = 3_600_000;
const BAR = 3;
const STEP = 4;
const HEIGHT = 20;

export type SparkBar = { at: number; errors: number };

/** Which hour each number stands for: the last one is the hour of `now`. */
export function placeSeries(series: readonly number[], now: number): SparkBar[] {
  const thisHour = Math.floor(now / HOUR_MS) * HOUR_MS;
  return series.map((errors, index) => ({
    at: thisHour - (series.length - 1 - index) * HOUR_MS,
    errors,
  }));
}

/** Bars for the eye, the same numbers as a table for a screen reader. */
export function Sparkline(props: { series: readonly number[]; now: number }): JSX.Element {
  const { t, format } = useKeyText();
  const hour = createMemo(() => Math.floor(props.now / HOUR_MS) * HOUR_MS);
  const bars = createMemo(() => placeSeries(props.series, hour()));
  const peak = () => Math.max(1, ...props.series);
  const failed = () => bars().filter(({ errors }) => errors > 0);
  const height = (errors: number) => (errors === 0 ? 1.5 : Math.max(3, (errors / peak()) * HEIGHT));
  return (
    <>
      <svg
        class="h-5 w-18 shrink-0"
        viewBox={`0 0 ${props.series.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <For each={bars()}>
          {(bar, index) => (
            <rect
              class={bar.errors > 0 ? 'fill-danger' : 'fill-border'}
              x={index() * STEP}
              y={HEIGHT - height(bar.errors)}
              width={BAR}
              height={height(bar.errors)}
            />
          )}
        </For>
      </svg>
      <div class="sr-only">
        <Show when={failed().length > 0} fallback={t('spark.none')}>
          <table>
            <caption>{t('spark.caption')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('spark.hour')}</th>
                <th scope="col">{t('spark.errors')}</th>
              </tr>
            </thead>
            <tbody>
              <For each={failed()}>
                {(bar) => (
                  <tr>
                    <th scope="row">{format().time(new Date(bar.at))}</th>
                    <td>{format().integer(bar.errors)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </Show>
      </div>
    </>
  );
}
