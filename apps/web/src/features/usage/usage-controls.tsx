import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { DayInput } from '../../ui/day-input.tsx';
import { LabelledSelect } from '../../ui/labelled-select.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { dayOf } from '../../i18n/calendar-day.ts';
import type { UsageModel } from './usage-query.ts';
import { useUsageText } from './usage-text.ts';
import { GROUPINGS, METRICS } from './usage-types.ts';
import { listIntervals, moveRange, RANGES, toCustomRange } from './usage-view.ts';
import type { UsageRange } from './usage-view.ts';

type Props = { model: UsageModel; now: number };

function CustomDays(props: Props & { range: UsageRange & { kind: 'custom' } }): JSX.Element {
  const { t } = useUsageText();
  const today = () => dayOf(new Date(props.now), props.model.view().zone);
  return (
    <div class="flex flex-wrap items-center gap-2">
      <DayInput
        label={t('range.from')}
        value={props.range.from}
        max={today()}
        onChange={(from) => props.model.change({ range: moveRange(props.range, { from }) })}
      />
      <span aria-hidden="true" class="text-text-3">
        –
      </span>
      <DayInput
        label={t('range.to')}
        value={props.range.to}
        max={today()}
        onChange={(to) => props.model.change({ range: moveRange(props.range, { to }) })}
      />
    </div>
  );
}

function RangeChoice(props: Props): JSX.Element {
  const { t } = useUsageText();
  const view = () => props.model.view();
  const custom = () => {
    const { range } = view();
    return range.kind === 'custom' ? range : null;
  };
  function choose(kind: (typeof RANGES)[number]): void {
    const today = dayOf(new Date(props.now), view().zone);
    props.model.change({ range: kind === 'custom' ? toCustomRange(view().range, today) : { kind } });
  }
  return (
    <>
      <div data-shortcut="range" class="max-w-full overflow-x-auto scroll-quiet">
        <Segmented
          name="usage-range"
          isCompact
          label={t('control.range')}
          value={view().range.kind}
          segments={RANGES.map((value) => ({ value, label: t(`range.${value}`) }))}
          onChange={choose}
        />
      </div>
      <Show when={custom()}>{(range) => <CustomDays {...props} range={range()} />}</Show>
    </>
  );
}

/** What is asked for: which days, whose days, how wide a bar is, split by what. */
export function UsageControls(props: Props): JSX.Element {
  const { t } = useUsageText();
  const view = () => props.model.view();
  const intervals = () => listIntervals(view().range);
  return (
    <div class="flex flex-wrap items-center gap-3">
      <RangeChoice {...props} />
      <LabelledSelect
        label={t('control.zone')}
        value={view().zone}
        options={[
          { value: 'local', label: t('zone.localNamed', { zone: props.model.timeZone }) },
          { value: 'utc', label: t('zone.utc') },
        ]}
        onChange={(zone) => props.model.change({ zone })}
      />
      <LabelledSelect
        label={t('control.group')}
        value={view().group}
        options={GROUPINGS.map((value) => ({ value, label: t(`group.${value}`) }))}
        onChange={(group) => props.model.change({ group })}
      />
      <Show when={intervals().length > 1}>
        <Segmented
          name="usage-interval"
          isCompact
          label={t('control.interval')}
          value={view().interval}
          segments={intervals().map((value) => ({ value, label: t(`interval.${value}`) }))}
          onChange={(interval) => props.model.change({ interval })}
        />
      </Show>
    </div>
  );
}

export function MetricChoice(props: { model: UsageModel }): JSX.Element {
  const { t } = useUsageText();
  return (
    <div class="max-w-full overflow-x-auto scroll-quiet">
      <Segmented
        name="usage-metric"
        isCompact
        label={t('control.metric')}
        value={props.model.view().metric}
        segments={METRICS.map((value) => ({ value, label: t(`metric.${value}`) }))}
        onChange={(metric) => props.model.change({ metric })}
      />
    </div>
  );
}
