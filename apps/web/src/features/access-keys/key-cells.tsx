import { A } from '@solidjs/router';
import CornerDownRight from 'lucide-solid/icons/corner-down-right';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { formatMoney } from '../../i18n/money.ts';
import { MeterBar } from '../../ui/meter-bar.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { formatInZone } from '../budgets/zoned-time.ts';
import { EnvironmentBadge } from './key-badge.tsx';
import { findExpiry, isFormer } from './key-state.ts';
import { useKeyText } from './key-text.ts';
import type { BudgetUse, KeySummary } from './key-types.ts';

/** The beginning and the end of a secret: all that anyone sees of it. */
export function KeyShape(props: { summary: KeySummary }): JSX.Element {
  const { t } = useKeyText();
  return (
    <span class="whitespace-nowrap font-mono text-caption leading-5 text-text-2">
      <span aria-hidden="true">
        {props.summary.prefix}…{props.summary.lastFour}
      </span>
      <span class="sr-only">
        {t('lastFour.spoken', { prefix: props.summary.prefix, digits: props.summary.lastFour })}
      </span>
    </span>
  );
}

/** A key leads to its page; a former secret stands below its key, and leads there too. */
export function NameCell(props: { summary: KeySummary }): JSX.Element {
  const { t } = useKeyText();
  return (
    <span class="flex flex-wrap items-center gap-x-2 gap-y-1">
      <Show when={isFormer(props.summary)}>
        <CornerDownRight aria-hidden="true" class="size-4 text-text-3" />
      </Show>
      <A
        href={`/access-keys/${props.summary.replacedBy ?? props.summary.id}`}
        title={props.summary.name}
        class={`min-w-0 no-underline after:absolute after:inset-0 group-hover:text-accent ${isFormer(props.summary) ? 'text-text-2' : 'font-medium text-text'}`}
      >
        <span class="line-clamp-2 wrap-anywhere">
          {isFormer(props.summary) ? t('former', { name: props.summary.name }) : props.summary.name}
        </span>
      </A>
      <Show when={!isFormer(props.summary)}>
        <EnvironmentBadge environment={props.summary.environment} />
      </Show>
    </span>
  );
}

const SHOWN_SCOPES = 2;

export function ScopesCell(props: { scopes: readonly string[] }): JSX.Element {
  const { plural } = useKeyText();
  const shown = () => props.scopes.slice(0, SHOWN_SCOPES);
  const more = () => props.scopes.length - shown().length;
  return (
    <span class="flex flex-col" title={props.scopes.join(', ')}>
      <span class="font-mono text-caption leading-5">{shown().join(', ')}</span>
      <Show when={more() > 0}>
        <span class="text-caption text-text-3">{plural('scopes.more', more())}</span>
      </Show>
    </span>
  );
}

/** What is spent of what may be, and what is reserved on top for calls that still run. */
export function BudgetMeter(props: { name: string; budget: BudgetUse }): JSX.Element {
  const { t, format, locale } = useKeyText();
  const money = (microUsd: number) => formatMoney({ microUsd }, format());
  const values = () => ({
    spent: money(props.budget.spentMicroUsd),
    limit: money(props.budget.limitMicroUsd),
    reserved: money(props.budget.reservedMicroUsd),
    left: money(props.budget.leftMicroUsd),
  });
  return (
    <span class="flex min-w-32 max-w-52 flex-col gap-1">
      <span class="font-mono text-caption leading-5 figures">{t('budget.of', values())}</span>
      <MeterBar
        label={t('budget.meter', { name: props.name })}
        text={t('budget.text', values())}
        value={props.budget.spentMicroUsd}
        held={props.budget.reservedMicroUsd}
        max={props.budget.limitMicroUsd}
      />
      <time datetime={props.budget.resetsAt} class="text-caption text-text-3 figures">
        {t('budget.resets', {
          time: formatInZone(props.budget.resetsAt, props.budget.timeZone, locale()),
          zone: props.budget.timeZone,
        })}
      </time>
    </span>
  );
}

export function BudgetCell(props: { summary: KeySummary }): JSX.Element {
  const { t } = useKeyText();
  return (
    <Show
      when={props.summary.budget}
      fallback={
        <span class="text-text-3" title={t('budget.none')}>
          <span aria-hidden="true">—</span>
          <span class="sr-only">{t('budget.none')}</span>
        </span>
      }
    >
      {(budget) => <BudgetMeter name={props.summary.name} budget={budget()} />}
    </Show>
  );
}

export function LastUsedCell(props: { summary: KeySummary; now: number }): JSX.Element {
  const { t } = useKeyText();
  return (
    <Show when={props.summary.lastUsedAt} fallback={<span class="text-text-3">{t('never.used')}</span>}>
      {(at) => (
        <span class="flex flex-col">
          <RelativeTime at={at()} now={props.now} />
          <Show when={props.summary.lastUsedPrefix}>
            {(network) => <span class="font-mono text-caption text-text-3">{network()}</span>}
          </Show>
        </span>
      )}
    </Show>
  );
}

export function ExpiryCell(props: { summary: KeySummary; now: number }): JSX.Element {
  const { t, format } = useKeyText();
  const isUrgent = () => ['soon', 'past'].includes(findExpiry(props.summary.expiresAt, props.now));
  return (
    <Show when={props.summary.expiresAt} fallback={<span class="text-text-3">{t('never.expires')}</span>}>
      {(at) => (
        <time
          datetime={at()}
          title={format().dateTime(new Date(at()))}
          class={`whitespace-nowrap ${isUrgent() ? 'text-warning' : ''}`}
        >
          {format().relative(new Date(at()), new Date(props.now))}
        </time>
      )}
    </Show>
  );
}
