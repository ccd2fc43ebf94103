import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { DataRegion } from '../../ui/data-region.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';
import { Loading } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { findRegionState } from '../../ui/region-state.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { AttentionPanel } from './attention-panel.tsx';
import { ErrorsPanel } from './errors-panel.tsx';
import { FirstSteps } from './first-steps.tsx';
import { MintsPanel } from './mints-panel.tsx';
import { findSpend } from './overview-figures.ts';
import { createOverview, POLL_SECONDS } from './overview-query.ts';
import type { OverviewModel } from './overview-query.ts';
import { OverviewTextProvider, useOverviewText } from './overview-text.ts';
import { OverviewTiles } from './overview-tiles.tsx';

const TICK_MS = 5_000;

function LoadingOverview(): JSX.Element {
  return (
    <Loading>
      <div class="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5">
        <Skeleton class="h-28" />
        <Skeleton class="h-28" />
        <Skeleton class="h-28" />
        <Skeleton class="h-28" />
        <Skeleton class="h-28" />
      </div>
      <Skeleton class="h-72 w-full" />
    </Loading>
  );
}

function Body(props: { model: OverviewModel; now: number }): JSX.Element {
  const { t } = useOverviewText();
  const i18n = useI18n();
  const region = () =>
    findRegionState({
      // A new deployment has its numbers, too: what it lacks is told by the steps above them.
      count: props.model.data() === undefined ? null : 1,
      isError: props.model.query.isError,
      isFiltered: false,
    });
  return (
    <DataRegion
      isStack
      label={t('region')}
      state={region()}
      isDimmed={props.model.query.isError}
      loading={<LoadingOverview />}
      error={toUiError(props.model.query.error, i18n.t)}
      emptyFirst={null}
      emptyFiltered={null}
      onRetry={props.model.refetch}
    >
      <Show when={props.model.data()}>
        {(overview) => (
          <>
            <FirstSteps steps={overview().steps} />
            <OverviewTiles
              overview={overview()}
              spend={findSpend(overview(), props.model.today())}
              now={props.now}
            />
            <div class="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
              <MintsPanel hours={overview().hours} />
              <div class="flex flex-col gap-4">
                <AttentionPanel items={overview().attention} now={props.now} />
                <ErrorsPanel
                  errors={overview().recentErrors}
                  refusals={overview().refusals}
                  now={props.now}
                />
              </div>
            </div>
          </>
        )}
      </Show>
    </DataRegion>
  );
}

function Content(): JSX.Element {
  const { t } = useOverviewText();
  const now = createNow(TICK_MS);
  const model = createOverview(now);
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={t('title')} lead={t('lead')}>
        <LiveMark isFresh={!model.query.isError} everySeconds={POLL_SECONDS} />
      </PageHeader>
      <Show when={model.query.isError && model.data() !== undefined}>
        <StaleNotice onRetry={model.refetch} />
      </Show>
      <Body model={model} now={now()} />
    </div>
  );
}

export function OverviewPage(): JSX.Element {
  return (
    <OverviewTextProvider>
      <Content />
    </OverviewTextProvider>
  );
}
