import { keepPreviousData, useQuery } from '@tanstack/solid-query';
import { createMemo, createSignal, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { FigureTable } from '../../ui/figure-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Delayed, Skeleton } from '../../ui/skeleton.tsx';
import { ChartLegend, StackedBars } from '../../ui/stacked-bars.tsx';
import type { ChartSeries } from '../../ui/stacked-bars.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { ViewChoice } from '../../ui/view-choice.tsx';
import type { View } from '../../ui/view-choice.tsx';
import { findErrorShare } from './error-share.ts';
import { useKeyText } from './key-text.ts';
import { createBuckets, sumBuckets, USAGE_RANGES } from './usage-buckets.ts';
import type { UsageBucket, UsageRange } from './usage-buckets.ts';

const POLL_MS = 30_000;

const shareOf = (bucket: UsageBucket) => findErrorShare(bucket.uses, bucket.errors);

function createUsage(id: () => string, now: () => number) {
  const { trpc } = useApi();
  const [range, setRange] = createSignal<UsageRange>(24);
  const query = useQuery(() => ({
    ...trpc.keys.usage.queryOptions({ id: id(), hours: range() }),
    refetchInterval: POLL_MS,
    placeholderData: keepPreviousData,
  }));
  const hour = createMemo(() => Math.floor(now() / 3_600_000));
  const buckets = createMemo(() => {
    const data = findData(query);
    return data === undefined || query.isPlaceholderData
      ? null
      : createBuckets(data.hours, range(), hour() * 3_600_000);
  });
  return { query, range, setRange, buckets };
}

function Choices(props: {
  range: UsageRange;
  view: View;
  onRange: (range: UsageRange) => void;
  onView: (view: View) => void;
}): JSX.Element {
  const { t } = useKeyText();
  return (
    <div class="flex flex-wrap gap-2">
      <Segmented
        name="usage-range"
        isCompact
        label={t('usage.range')}
        value={String(props.range)}
        segments={USAGE_RANGES.map((hours) => ({ value: String(hours), label: t(`usage.range.${hours}`) }))}
        onChange={(value) => props.onRange(USAGE_RANGES.find((hours) => String(hours) === value) ?? 24)}
      />
      <ViewChoice name="usage-view" view={props.view} onChange={props.onView} />
    </div>
  );
}

type FiguresProps = { buckets: readonly UsageBucket[]; range: UsageRange };

/** How the beginning of a bar reads: an hour of it, or a day. */
function createNames(range: () => UsageRange) {
  const { format } = useKeyText();
  return {
    nameOf: ({ start }: UsageBucket) =>
      range() === 744 ? format().date(start) : format().dateTimeShort(start),
    shortNameOf: ({ start }: UsageBucket) =>
      range() === 24 ? format().timeShort(start) : format().dateShort(start),
  };
}

function UsageTable(props: FiguresProps): JSX.Element {
  const { t, format } = useKeyText();
  const { nameOf } = createNames(() => props.range);
  const share = (bucket: UsageBucket) => {
    const part = shareOf(bucket);
    return part === null ? null : format().percent(part);
  };
  return (
    <FigureTable
      label={t('usage.title')}
      columns={[t('usage.time'), t('usage.uses'), t('usage.errors'), t('usage.share')]}
      rows={props.buckets.toReversed().map((bucket) => ({
        name: nameOf(bucket),
        figures: [format().integer(bucket.uses), format().integer(bucket.errors), share(bucket)],
      }))}
    />
  );
}

function UsageChart(props: FiguresProps & { series: readonly ChartSeries[] }): JSX.Element {
  const { t, format } = useKeyText();
  const { nameOf, shortNameOf } = createNames(() => props.range);
  const bars = createMemo(() =>
    props.buckets.map((bucket) => ({
      name: nameOf(bucket),
      shortName: shortNameOf(bucket),
      values: [bucket.uses - bucket.errors, bucket.errors],
    })),
  );
  const describe = (index: number) => {
    const bucket = props.buckets[index];
    if (bucket === undefined) return '';
    const [uses, errors] = [format().integer(bucket.uses), format().integer(bucket.errors)];
    return t('usage.bar', { time: nameOf(bucket), uses, errors });
  };
  return (
    <StackedBars
      bars={bars()}
      series={props.series}
      label={t('usage.chartLabel', { range: t(`usage.range.${props.range}`) })}
      hint={t('usage.hover')}
      formatTick={(value) => format().integer(value)}
      describe={describe}
    />
  );
}

/** Requests and errors of one key over time, as a picture or as numbers. */
export function UsagePanel(props: { id: string; now: number }): JSX.Element {
  const { t, format } = useKeyText();
  const i18n = useI18n();
  const [view, setView] = createSignal<View>('chart');
  const usage = createUsage(
    () => props.id,
    () => props.now,
  );
  const total = () => sumBuckets(usage.buckets() ?? []);
  const series = (): ChartSeries[] => [
    { label: t('usage.ok'), color: 'chart-1' },
    { label: t('usage.errors'), color: 'danger' },
  ];
  return (
    <Panel
      title={t('usage.title')}
      aside={<Choices range={usage.range()} view={view()} onRange={usage.setRange} onView={setView} />}
    >
      <Switch>
        <Match when={usage.query.isError && usage.buckets() === null}>
          <ErrorState
            error={toUiError(usage.query.error, i18n.t)}
            onRetry={() => void usage.query.refetch()}
          />
        </Match>
        <Match when={usage.buckets() === null}>
          <Delayed>
            <Skeleton class="h-50 w-full" />
          </Delayed>
        </Match>
        <Match when={usage.buckets()}>
          {(buckets) => (
            <>
              <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
                <p class="text-table text-text-2 figures">
                  {total().uses === 0
                    ? t('usage.empty')
                    : t('usage.total', {
                        uses: format().integer(total().uses),
                        errors: format().integer(total().errors),
                      })}
                </p>
                <ChartLegend series={series()} />
              </div>
              <Show
                when={view() === 'chart'}
                fallback={<UsageTable buckets={buckets()} range={usage.range()} />}
              >
                <UsageChart buckets={buckets()} range={usage.range()} series={series()} />
              </Show>
            </>
          )}
        </Match>
      </Switch>
    </Panel>
  );
}
