import { A } from '@solidjs/router';
import ChartColumn from 'lucide-solid/icons/chart-column';
import Info from 'lucide-solid/icons/info';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { formatMoment } from '../../i18n/moment.ts';
import { buttonClass } from '../../ui/button.tsx';
import { DataRegion, EmptyFiltered } from '../../ui/data-region.tsx';
import { Loading } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState, Notice } from '../../ui/states.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { UsageBreakdown } from './usage-breakdown.tsx';
import { UsageChart } from './usage-chart.tsx';
import { UsageControls } from './usage-controls.tsx';
import { findEstimatedShare } from './usage-figures.ts';
import { createUsageModel } from './usage-query.ts';
import type { ShownUsage, UsageModel } from './usage-query.ts';
import { UsageTextProvider, useUsageText } from './usage-text.ts';
import { UsageTiles } from './usage-tiles.tsx';

const TICK_MS = 10_000;

type Props = { model: UsageModel; now: number };

function LoadingUsage(): JSX.Element {
  return (
    <Loading>
      <div class="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Skeleton class="h-30" />
        <Skeleton class="h-30" />
        <Skeleton class="h-30" />
        <Skeleton class="h-30" />
      </div>
      <Skeleton class="h-72 w-full" />
    </Loading>
  );
}

/** How fresh the numbers are, and how much of the money is a guess or missing. */
function Freshness(props: Props & { shown: ShownUsage }): JSX.Element {
  const { t, plural, format } = useUsageText();
  const asOf = () => formatMoment(new Date(props.shown.series.asOf), new Date(props.now), format());
  const share = () => findEstimatedShare(props.shown.series.totals) ?? 0;
  const unknown = () => props.shown.series.totals.unknownCosts;
  return (
    <div class="flex flex-col gap-2">
      <p class="text-table text-text-2">
        {t('asOf', { time: asOf() })}
        <Show when={props.model.isRunning()}> {t('asOf.running')}</Show>
      </p>
      <Show when={share() > 0 || unknown() > 0}>
        <Notice tone={unknown() > 0 ? 'warning' : 'accent'} icon={<Info aria-hidden="true" />}>
          <Show when={share() > 0}>{t('notice.estimated', { share: format().percent(share()) })} </Show>
          <Show when={unknown() > 0}>{plural('notice.unknown', unknown())}</Show>
        </Notice>
      </Show>
    </div>
  );
}

function Region(props: Props): JSX.Element {
  const { t } = useUsageText();
  const i18n = useI18n();
  return (
    <DataRegion
      isStack
      label={t('region')}
      state={props.model.region()}
      isDimmed={props.model.query.isPlaceholderData || props.model.query.isError}
      loading={<LoadingUsage />}
      error={toUiError(props.model.query.error, i18n.t)}
      emptyFirst={
        <EmptyState
          icon={<ChartColumn aria-hidden="true" />}
          title={t('empty.title')}
          text={t('empty.text')}
          action={
            <A href="/playground" class={buttonClass('primary')}>
              {t('empty.action')}
            </A>
          }
        />
      }
      emptyFiltered={
        <EmptyFiltered
          title={t('filtered.title')}
          text={t('filtered.text')}
          clearLabel={t('filtered.action')}
          onClear={() => props.model.change({ range: { kind: '30d' } })}
        />
      }
      onRetry={props.model.refetch}
    >
      <Show when={props.model.shown()}>
        {(shown) => (
          <>
            <Freshness {...props} shown={shown()} />
            <UsageTiles shown={shown()} />
            <UsageChart model={props.model} shown={shown()} />
            <UsageBreakdown model={props.model} shown={shown()} />
          </>
        )}
      </Show>
    </DataRegion>
  );
}

function Content(): JSX.Element {
  const { t } = useUsageText();
  const now = createNow(TICK_MS);
  const model = createUsageModel(now);
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={t('title')} lead={t('lead')} />
      <UsageControls model={model} now={now()} />
      <Show when={model.query.isError && model.shown() !== null}>
        <StaleNotice onRetry={model.refetch} />
      </Show>
      <Region model={model} now={now()} />
    </div>
  );
}

export function UsagePage(): JSX.Element {
  return (
    <OperatorsOnly scope="usage:read">
      <UsageTextProvider>
        <Content />
      </UsageTextProvider>
    </OperatorsOnly>
  );
}
