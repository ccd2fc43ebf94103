import { createMemo, createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { FigureTable } from '../../ui/figure-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ChartLegend, StackedBars } from '../../ui/stacked-bars.tsx';
import type { ChartSeries } from '../../ui/stacked-bars.tsx';
import { ViewChoice } from '../../ui/view-choice.tsx';
import type { View } from '../../ui/view-choice.tsx';
import { findSuccessShare } from './overview-figures.ts';
import { useOverviewText } from './overview-text.ts';
import type { MintHour } from './overview-types.ts';

type Props = { hours: readonly MintHour[] };

function Bars(props: Props & { series: readonly ChartSeries[] }): JSX.Element {
  const { t, format } = useOverviewText();
  const bars = createMemo(() =>
    props.hours.map(({ start, issued, failed, refused }) => ({
      name: format().dateTimeShort(new Date(start)),
      shortName: format().timeShort(new Date(start)),
      values: [failed, refused, issued],
    })),
  );
  const describe = (index: number) => {
    const hour = props.hours[index];
    if (hour === undefined) return '';
    return t('mints.bar', {
      time: format().dateTimeShort(new Date(hour.start)),
      issued: format().integer(hour.issued),
      failed: format().integer(hour.failed),
      refused: format().integer(hour.refused),
    });
  };
  return (
    <StackedBars
      bars={bars()}
      series={props.series}
      label={t('mints.chartLabel')}
      hint={t('mints.hint')}
      formatTick={(value) => format().compact(value)}
      describe={describe}
    />
  );
}

function Table(props: Props): JSX.Element {
  const { t, format } = useOverviewText();
  const share = ({ issued, failed }: MintHour) => {
    const found = findSuccessShare(issued, failed);
    return found === null ? null : format().percent(found);
  };
  return (
    <FigureTable
      label={t('mints.title')}
      columns={[t('mints.time'), t('mints.issued'), t('mints.failed'), t('mints.refused'), t('mints.share')]}
      rows={props.hours.toReversed().map((hour) => ({
        name: format().dateTimeShort(new Date(hour.start)),
        figures: [
          format().integer(hour.issued),
          format().integer(hour.failed),
          format().integer(hour.refused),
          share(hour),
        ],
      }))}
    />
  );
}

/** What came of the tokens that were asked for, hour by hour, as a picture or as numbers. */
export function MintsPanel(props: Props & { class?: string }): JSX.Element {
  const { t } = useOverviewText();
  const [view, setView] = createSignal<View>('chart');
  const isEmpty = () => props.hours.every(({ issued, failed, refused }) => issued + failed + refused === 0);
  const series = (): ChartSeries[] => [
    { label: t('mints.failed'), color: 'danger' },
    { label: t('mints.refused'), color: 'chart-5' },
    { label: t('mints.issued'), color: 'chart-1' },
  ];
  return (
    <Panel
      title={t('mints.title')}
      class={props.class ?? ''}
      aside={<ViewChoice name="mints-view" view={view()} onChange={setView} />}
    >
      <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 empty:hidden">
        <Show when={isEmpty()}>
          <p class="text-table text-text-2">{t('mints.none')}</p>
        </Show>
        <Show when={view() === 'chart' && !isEmpty()}>
          <ChartLegend series={series()} />
        </Show>
      </div>
      <Show when={view() === 'chart'} fallback={<Table hours={props.hours} />}>
        <Bars hours={props.hours} series={series()} />
      </Show>
    </Panel>
  );
}
