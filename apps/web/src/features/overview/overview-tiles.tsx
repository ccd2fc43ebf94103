import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { formatMoney } from '../../i18n/money.ts';
import type { MoneyFacts } from '../../i18n/money.ts';
import { MeterBar } from '../../ui/meter-bar.tsx';
import { Money } from '../../ui/money.tsx';
import { Nothing } from '../../ui/panel.tsx';
import { StatTile, StatTiles } from '../../ui/stat-tile.tsx';
import { useCan } from '../shell/viewer.ts';
import { findSuccessShare } from './overview-figures.ts';
import { useOverviewText } from './overview-text.ts';
import type { BudgetUse, Overview } from './overview-types.ts';

type Props = { overview: Overview; now: number };

function MintTile(props: Props): JSX.Element {
  const { t, plural, format } = useOverviewText();
  const share = () => findSuccessShare(props.overview.mints24h, props.overview.failed24h);
  const note = () => {
    const found = share();
    if (found === null) return props.overview.refused24h === 0 ? t('tile.mintsNone') : null;
    const { failed24h, refused24h } = props.overview;
    const rate = refused24h === 0 ? 'tile.mintsRate' : 'tile.mintsRateAdmitted';
    const words = t(rate, { share: format().percent(found) });
    return failed24h === 0 ? words : `${words} · ${plural('tile.failed', failed24h)}`;
  };
  const refused = () => {
    const { refused24h, isRefusedAtLeast } = props.overview;
    if (refused24h === 0) return null;
    return plural(isRefusedAtLeast ? 'tile.refusedAtLeast' : 'tile.refused', refused24h);
  };
  return (
    <StatTile
      label={t('tile.mints')}
      href="/sessions"
      note={
        <>
          <Show when={note()}>{(words) => <span class="block">{words()}</span>}</Show>
          <Show when={refused()}>{(words) => <span class="block text-warning">{words()}</span>}</Show>
        </>
      }
    >
      {format().integer(props.overview.mints24h)}
    </StatTile>
  );
}

function LatencyTile(props: Props): JSX.Element {
  const { t, format } = useOverviewText();
  const note = () => {
    const p95 = props.overview.mintP95Ms;
    return p95 === null ? t('tile.latencyNone') : t('tile.latencyNote', { p95: format().milliseconds(p95) });
  };
  return (
    <StatTile label={t('tile.latency')} note={note()}>
      <Show when={props.overview.mintP50Ms !== null} fallback={<Nothing />}>
        {format().milliseconds(props.overview.mintP50Ms ?? 0)}
      </Show>
    </StatTile>
  );
}

function BudgetMeter(props: { budget: BudgetUse }): JSX.Element {
  const { t, format } = useOverviewText();
  const money = (microUsd: number) => formatMoney({ microUsd }, format());
  const text = () =>
    t('budget.text', {
      spent: money(props.budget.spentMicroUsd),
      reserved: money(props.budget.reservedMicroUsd),
      limit: money(props.budget.limitMicroUsd),
    });
  return (
    <MeterBar
      label={t('budget.label')}
      text={text()}
      value={props.budget.spentMicroUsd}
      held={props.budget.reservedMicroUsd}
      max={props.budget.limitMicroUsd}
    />
  );
}

function BudgetNote(props: { budget: BudgetUse; now: number }): JSX.Element {
  const { t, format } = useOverviewText();
  const money = (microUsd: number) => formatMoney({ microUsd }, format());
  return (
    <>
      <span class="block">
        {t(`budget.${props.budget.period}`, {
          spent: money(props.budget.spentMicroUsd),
          limit: money(props.budget.limitMicroUsd),
        })}
      </span>
      <span class="block text-caption text-text-3">
        {t('budget.left', {
          left: money(props.budget.leftMicroUsd),
          when: format().relative(new Date(props.budget.resetsAt), new Date(props.now)),
        })}
      </span>
    </>
  );
}

function NoBudget(): JSX.Element {
  const { t } = useOverviewText();
  const can = useCan();
  return (
    <span class="block">
      {t('tile.noBudget')}
      <Show when={can('budgets:write')}>
        {' '}
        <A href="/budgets" class="relative z-[1] font-medium text-accent">
          {t('tile.setBudget')}
        </A>
      </Show>
    </span>
  );
}

function SpendTile(props: Props & { spend: MoneyFacts }): JSX.Element {
  const { t, plural } = useOverviewText();
  const budget = () => props.overview.budget;
  const unknown = () => props.overview.unknownCosts24h;
  const meter = () => {
    const found = budget();
    return found === null ? undefined : <BudgetMeter budget={found} />;
  };
  return (
    <StatTile
      label={t('tile.spend')}
      href="/usage?range=24h"
      meter={meter()}
      note={
        <>
          <Show when={budget()} fallback={<NoBudget />}>
            {(found) => <BudgetNote budget={found()} now={props.now} />}
          </Show>
          <Show when={unknown() > 0}>
            <span class="block text-warning">{plural('tile.unknown', unknown())}</span>
          </Show>
        </>
      }
    >
      <Money {...props.spend} />
    </StatTile>
  );
}

function KeysTile(props: Props): JSX.Element {
  const { t, plural, format } = useOverviewText();
  const missing = () => props.overview.keysTotal - props.overview.keysHealthy;
  const note = () => {
    if (props.overview.keysTotal === 0) return t('tile.keysNone');
    return missing() === 0 ? t('tile.keysAll') : plural('tile.keysSome', missing());
  };
  return (
    <StatTile
      label={t('tile.keys')}
      href="/provider-keys"
      note={<span class={missing() > 0 ? 'text-warning' : ''}>{note()}</span>}
    >
      {format().integer(props.overview.keysHealthy)}
      <span class="text-h3 font-normal text-text-3">/{format().integer(props.overview.keysTotal)}</span>
    </StatTile>
  );
}

/** Five tiles leave no hole in any row: two and two and one, three and two, or all beside each other. */
const GRID =
  'grid-cols-2 md:grid-cols-6 lg:grid-cols-5 max-md:[&>*:last-child]:col-span-2 md:max-lg:[&>*]:col-span-2 md:max-lg:[&>*:nth-child(n+4)]:col-span-3';

/** Five numbers that say whether all is well, each with the way to what is behind it. */
export function OverviewTiles(props: Props & { spend: MoneyFacts }): JSX.Element {
  const { t, format } = useOverviewText();
  return (
    <StatTiles label={t('tiles')} class={GRID}>
      <StatTile label={t('tile.open')} href="/sessions?state=connected" note={t('tile.openNote')}>
        {format().integer(props.overview.openSessions)}
      </StatTile>
      <MintTile {...props} />
      <LatencyTile {...props} />
      <SpendTile {...props} />
      <KeysTile {...props} />
    </StatTiles>
  );
}
