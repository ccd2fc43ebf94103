import { createMemo, createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { FigureTable } from '../../ui/figure-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ChartLegend, StackedBars } from '../../ui/stacked-bars.tsx';
import type { ChartSeries } from '../../ui/stacked-bars.tsx';
import { ViewChoice } from '../../ui/view-choice.tsx';
import type { View } from '../../ui/view-choice.tsx';
import { MetricChoice } from './usage-controls.tsx';
import { pickChartGroups, splitCost } from './usage-figures.ts';
import type { ChartGroup } from './usage-figures.ts';
import type { ShownUsage, UsageModel } from './usage-query.ts';
import { useUsageText } from './usage-text.ts';
import type { Metric } from './usage-types.ts';
import { createBarNames, createGroupNames, formatMetric, formatTick } from './usage-words.ts';

type FigureProps = { shown: ShownUsage; parts: readonly ChartGroup[]; metric: Metric };

const COLORS = ['chart-1', 'chart-2', 'chart-3', 'chart-4', 'chart-5', 'chart-6'] as const;

/** Nothing is told apart: what the one part is called says no more than the title. */
const isWhole = ({ shown, parts }: Pick<FigureProps, 'shown' | 'parts'>) =>
  shown.group === 'none' && parts.length === 1;

const at = (part: ChartGroup, index: number) => part.values[index] ?? 0;
const sumAt = (parts: readonly ChartGroup[], index: number) =>
  parts.reduce((sum, part) => sum + at(part, index), 0);

function Bars(props: FigureProps & { series: readonly ChartSeries[] }): JSX.Element {
  const { t, format } = useUsageText();
  const { nameOf, shortNameOf } = createBarNames(() => props.shown);
  const write = (value: number) => formatMetric(props.metric, value, format());
  const bars = createMemo(() =>
    props.shown.series.buckets.map((start, index) => ({
      name: nameOf(start),
      shortName: shortNameOf(start),
      values: props.parts.map((part) => at(part, index)),
    })),
  );
  const describe = (index: number) => {
    const start = props.shown.series.buckets[index];
    if (start === undefined) return '';
    const total = t('chart.bar', { time: nameOf(start), total: write(sumAt(props.parts, index)) });
    const parts = props.parts.flatMap((part) =>
      at(part, index) === 0 || isWhole(props)
        ? []
        : [t('chart.part', { name: part.label, value: write(at(part, index)) })],
    );
    return [total, ...parts].join(' · ');
  };
  const label = () => {
    const words = { metric: t(`metric.${props.metric}`), group: t(`group.${props.shown.group}`) };
    return t(props.shown.group === 'none' ? 'chart.labelPlain' : 'chart.label', words);
  };
  return (
    <StackedBars
      bars={bars()}
      series={props.series}
      label={label()}
      hint={t('chart.hint')}
      formatTick={(value) => formatTick(props.metric, value, format())}
      describe={describe}
    />
  );
}

function Table(props: FigureProps): JSX.Element {
  const { t, format } = useUsageText();
  const { nameOf } = createBarNames(() => props.shown);
  const write = (value: number) => (value === 0 ? null : formatMetric(props.metric, value, format()));
  const hasTotal = () => props.parts.length > 1;
  return (
    <FigureTable
      label={t('chart.title', { metric: t(`metric.${props.metric}`) })}
      columns={[
        t('chart.time'),
        ...props.parts.map(({ label }) => label),
        ...(hasTotal() ? [t('chart.total')] : []),
      ]}
      rows={props.shown.series.buckets
        .map((start, index) => ({
          name: nameOf(start),
          figures: [
            ...props.parts.map((part) => write(at(part, index))),
            ...(hasTotal() ? [write(sumAt(props.parts, index))] : []),
          ],
        }))
        .toReversed()}
    />
  );
}

/** One metric over time, split by what the reader chose, as a picture or as numbers. */
export function UsageChart(props: { model: UsageModel; shown: ShownUsage }): JSX.Element {
  const { t } = useUsageText();
  const [view, setView] = createSignal<View>('chart');
  const metric = () => props.model.view().metric;
  const groupName = createGroupNames(() => props.shown.group);
  const parts = createMemo<ChartGroup[]>(() => {
    const { groups } = props.shown.series;
    if (props.shown.group === 'none' && metric() === 'cost') {
      return splitCost(groups).map((part) => ({ ...part, label: t(`chart.${part.id}`) }));
    }
    return pickChartGroups(groups, metric()).map((part) => ({ ...part, label: groupName(part) }));
  });
  const series = (): ChartSeries[] =>
    parts().map(({ id, label }, index) => ({
      label,
      color: id === 'other' ? 'chart-6' : (COLORS[index] ?? 'chart-6'),
    }));
  return (
    <Panel
      title={t('chart.title', { metric: t(`metric.${metric()}`) })}
      aside={
        <div class="flex max-w-full flex-wrap gap-2">
          <MetricChoice model={props.model} />
          <ViewChoice name="usage-view" view={view()} onChange={setView} />
        </div>
      }
    >
      <Show
        when={view() === 'chart'}
        fallback={<Table shown={props.shown} parts={parts()} metric={metric()} />}
      >
        <Show when={!isWhole({ shown: props.shown, parts: parts() })}>
          <ChartLegend series={series()} />
        </Show>
        <Bars shown={props.shown} parts={parts()} metric={metric()} series={series()} />
      </Show>
    </Panel>
  );
}
