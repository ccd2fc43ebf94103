import { keepPreviousData, useQuery } from '@tanstack/solid-query';
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Nothing, Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Delayed, Skeleton } from '../../ui/skeleton.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { findErrorShare } from './error-share.ts';
import { useKeyText } from './key-text.ts';
import { createBuckets, sumBuckets, USAGE_RANGES } from './usage-buckets.ts';
import type { UsageBucket, UsageRange } from './usage-buckets.ts';
import { UsageChart } from './usage-chart.tsx';

const POLL_MS = 30_000;

const shareOf = (bucket: UsageBucket) => findErrorShare(bucket.uses, bucket.errors);

type View = 'chart' | 'table';

function Legend(): JSX.Element {
  const { t } = useKeyText();
  return (
    <ul class="flex gap-4 text-caption text-text-2">
      <li class="flex items-center gap-1.5">
        <span aria-hidden="true" class="size-2.5 rounded-[2px] bg-chart-1" />
        {t('usage.ok')}
      </li>
      <li class="flex items-center gap-1.5">
        <span aria-hidden="true" class="size-2.5 rounded-[2px] bg-danger" />
        {t('usage.errors')}
      </li>
    </ul>
  );
}

function UsageTable(props: {
  buckets: readonly UsageBucket[];
  nameOf: (bucket: UsageBucket) => string;
}): JSX.Element {
  const { t, format } = useKeyText();
  return (
    <div
      class="max-h-72 overflow-y-auto scroll-quiet"
      role="region"
      aria-label={t('usage.title')}
      tabindex="0"
    >
      <table class="w-full text-table [&_td]:py-1.5 [&_td]:text-end [&_td]:font-mono [&_td]:text-caption [&_th]:py-1.5 [&_th]:font-normal">
        <thead class="sticky top-0 bg-bg text-caption text-text-3 [&_th]:font-medium">
          <tr>
            <th scope="col">
              <span class="block text-start">{t('usage.time')}</span>
            </th>
            <For each={['usage.uses', 'usage.errors', 'usage.share'] as const}>
              {(key) => (
                <th scope="col">
                  <span class="block text-end">{t(key)}</span>
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody class="figures [&_tr]:border-t [&_tr]:border-border">
          <For each={props.buckets.toReversed()}>
            {(bucket) => (
              <tr>
                <th scope="row" class="text-start text-text-2">
                  {props.nameOf(bucket)}
                </th>
                <td>{format().integer(bucket.uses)}</td>
                <td>{format().integer(bucket.errors)}</td>
                <td>
                  <Show when={shareOf(bucket) !== null} fallback={<Nothing />}>
                    {format().percent(shareOf(bucket) ?? 0)}
                  </Show>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

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
      <Segmented
        name="usage-view"
        isCompact
        label={t('usage.view')}
        value={props.view}
        segments={[
          { value: 'chart', label: t('usage.chart') },
          { value: 'table', label: t('usage.table') },
        ]}
        onChange={(value) => props.onView(value)}
      />
    </div>
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
  const nameOf = (bucket: UsageBucket) =>
    usage.range() === 744 ? format().date(bucket.start) : format().dateTimeShort(bucket.start);
  const shortNameOf = (bucket: UsageBucket) =>
    usage.range() === 24 ? format().timeShort(bucket.start) : format().dateShort(bucket.start);
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
                <Legend />
              </div>
              <Show when={view() === 'chart'} fallback={<UsageTable buckets={buckets()} nameOf={nameOf} />}>
                <UsageChart
                  buckets={buckets()}
                  label={t('usage.chartLabel', { range: t(`usage.range.${usage.range()}`) })}
                  nameOf={nameOf}
                  shortNameOf={shortNameOf}
                />
              </Show>
            </>
          )}
        </Match>
      </Switch>
    </Panel>
  );
}
