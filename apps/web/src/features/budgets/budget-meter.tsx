import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { MeterBar } from '../../ui/meter-bar.tsx';
import { useLimitText } from './limit-text.ts';
import type { BudgetUse } from './limit-types.ts';
import { formatInZone } from './zoned-time.ts';

const MICRO_PER_USD = 1_000_000;

function createAmounts(use: () => BudgetUse) {
  const { t, format } = useLimitText();
  const usd = (microUsd: number) => format().usd(microUsd / MICRO_PER_USD);
  return {
    reserved: () => t('budgets.reserved', { amount: usd(use().reservedMicroUsd) }),
    left: () =>
      use().leftMicroUsd > 0 ? t('budgets.left', { amount: usd(use().leftMicroUsd) }) : t('budgets.usedUp'),
    of: () => t('budgets.of', { spent: usd(use().spentMicroUsd), limit: usd(use().limitMicroUsd) }),
    words: () =>
      t('budgets.words', {
        spent: usd(use().spentMicroUsd),
        limit: usd(use().limitMicroUsd),
        reserved: usd(use().reservedMicroUsd),
        left: usd(use().leftMicroUsd),
      }),
  };
}

/** Spent of a budget, as a bar and in words. */
export function BudgetMeter(props: { use: BudgetUse; name: string }): JSX.Element {
  const { t } = useLimitText();
  const amounts = createAmounts(() => props.use);
  return (
    <div class="flex min-w-40 flex-col gap-1">
      <p class="flex flex-wrap items-baseline justify-between gap-x-3 text-table figures">
        <span class="whitespace-nowrap">{amounts.of()}</span>
        <span
          class={`whitespace-nowrap text-caption ${props.use.leftMicroUsd > 0 ? 'text-text-3' : 'font-medium text-danger'}`}
        >
          {amounts.left()}
        </span>
      </p>
      <MeterBar
        label={t('budgets.meter', { name: props.name })}
        text={amounts.words()}
        value={props.use.spentMicroUsd}
        max={props.use.limitMicroUsd}
        held={props.use.reservedMicroUsd}
      />
      <Show when={props.use.reservedMicroUsd > 0}>
        <p class="text-caption text-text-3 figures">{amounts.reserved()}</p>
      </Show>
    </div>
  );
}

/** `Resets 1 Dec 2026, 00:00, Europe/Paris`. */
export function ResetTime(props: { use: Pick<BudgetUse, 'resetsAt' | 'timeZone'> }): JSX.Element {
  const { t, locale } = useLimitText();
  return (
    <time datetime={props.use.resetsAt} class="figures">
      {t('budgets.resets', {
        time: formatInZone(props.use.resetsAt, props.use.timeZone, locale()),
        zone: props.use.timeZone,
      })}
    </time>
  );
}
