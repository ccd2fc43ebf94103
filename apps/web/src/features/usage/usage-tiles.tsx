import ArrowDownRight from 'lucide-solid/icons/arrow-down-right';
import ArrowUpRight from 'lucide-solid/icons/arrow-up-right';
import Minus from 'lucide-solid/icons/minus';
import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { Money } from '../../ui/money.tsx';
import { StatTile, StatTiles } from '../../ui/stat-tile.tsx';
import { costOf, findChange, valueOf } from './usage-figures.ts';
import type { ShownUsage } from './usage-query.ts';
import { useUsageText } from './usage-text.ts';
import { METRICS } from './usage-types.ts';
import type { Metric } from './usage-types.ts';
import { formatMetric } from './usage-words.ts';
import { daysOf } from './usage-view.ts';

type Props = { shown: ShownUsage };

function ChangeIcon(props: { ratio: number }): JSX.Element {
  return (
    <Switch fallback={<Minus aria-hidden="true" />}>
      <Match when={props.ratio > 0}>
        <ArrowUpRight aria-hidden="true" />
      </Match>
      <Match when={props.ratio < 0}>
        <ArrowDownRight aria-hidden="true" />
      </Match>
    </Switch>
  );
}

/** More is neither good nor bad here: the sign and the arrow tell it, no colour judges it. */
function ChangeNote(props: Props & { metric: Metric }): JSX.Element {
  const { t, plural, format } = useUsageText();
  const change = () => findChange(props.shown.series.totals, props.shown.series.previous, props.metric);
  const ratio = () => {
    const found = change();
    return found.kind === 'ratio' ? { value: found.ratio } : null;
  };
  const since = () => {
    const { range } = props.shown;
    return range.kind === '24h' ? t('change.hours') : plural('change.days', daysOf(range));
  };
  return (
    <span class="flex items-start gap-1 text-caption text-text-3 [&_svg]:mt-px [&_svg]:size-3.5 [&_svg]:shrink-0">
      <Show
        when={ratio()}
        fallback={<span>{t(change().kind === 'new' ? 'change.new' : 'change.none')}</span>}
      >
        {(found) => (
          <>
            <ChangeIcon ratio={found().value} />
            <span>
              <span class="font-medium text-text-2">{format().signedPercent(found().value)}</span> {since()}
            </span>
          </>
        )}
      </Show>
    </span>
  );
}

function TileValue(props: Props & { metric: Metric }): JSX.Element {
  const { format } = useUsageText();
  const totals = () => props.shown.series.totals;
  const exact = () => formatMetric(props.metric, valueOf(totals(), props.metric), format());
  return (
    <Show
      when={props.metric === 'cost'}
      fallback={
        <span title={exact()}>
          {props.metric === 'tokens' ? format().compact(valueOf(totals(), 'tokens')) : exact()}
        </span>
      }
    >
      <Money {...costOf(totals())} />
    </Show>
  );
}

/** What the number above is made of, or what is missing in it. */
function TileDetail(props: Props & { metric: Metric }): JSX.Element {
  const { t, plural, format } = useUsageText();
  const totals = () => props.shown.series.totals;
  const failed = () =>
    totals().failed > 0 ? plural('totals.failed', totals().failed) : t('totals.noneFailed');
  const tokens = () =>
    t('totals.tokens', {
      input: format().compact(totals().inputTokens),
      cached: format().compact(totals().cachedTokens),
      output: format().compact(totals().outputTokens),
    });
  return (
    <Switch>
      <Match when={props.metric === 'cost' && totals().unknownCosts > 0}>
        {plural('totals.unknown', totals().unknownCosts)}
      </Match>
      <Match when={props.metric === 'sessions'}>{failed()}</Match>
      <Match when={props.metric === 'tokens'}>{tokens()}</Match>
    </Switch>
  );
}

/** The whole range in four numbers, each against the same time before. */
export function UsageTiles(props: Props): JSX.Element {
  const { t } = useUsageText();
  return (
    <StatTiles label={t('totals')}>
      {METRICS.map((metric) => (
        <StatTile
          label={t(`metric.${metric}`)}
          note={
            <>
              <span class="block min-h-5">
                <TileDetail {...props} metric={metric} />
              </span>
              <ChangeNote {...props} metric={metric} />
            </>
          }
        >
          <TileValue {...props} metric={metric} />
        </StatTile>
      ))}
    </StatTiles>
  );
}
