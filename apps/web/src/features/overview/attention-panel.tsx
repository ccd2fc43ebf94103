import { A } from '@solidjs/router';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleAlert from 'lucide-solid/icons/circle-alert';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { formatMoney } from '../../i18n/money.ts';
import { Panel } from '../../ui/panel.tsx';
import { findAttentionHref } from './overview-figures.ts';
import { useOverviewText } from './overview-text.ts';
import type { Attention } from './overview-types.ts';

type BudgetKind = Extract<Attention['kind'], `${string}budget_${string}`>;
type BudgetTitle = `attention.${BudgetKind}`;
type Words = { title: string; text: string };

/** Nothing works, or will be refused: the rest can wait until it is read. */
const URGENT: ReadonlySet<Attention['kind']> = new Set([
  'no_healthy_key',
  'budget_used_up',
  'user_budget_used_up',
  'access_key_budget_used_up',
]);

const nameOf = ({ name, target }: Attention) => ({ name: name ?? target ?? '' });

function createBudgetWords(now: () => number): (item: Attention, title: BudgetTitle) => Words {
  const { t, format } = useOverviewText();
  const when = (iso: string) => format().relative(new Date(iso), new Date(now()));
  return (item, title) => {
    const { budget } = item;
    if (budget === null) return { title: t(title, { ...nameOf(item), share: '' }), text: '' };
    const { limitMicroUsd, leftMicroUsd, action, resetsAt } = budget;
    const money = (microUsd: number) => formatMoney({ microUsd }, format());
    const used = limitMicroUsd === 0 ? 1 : (limitMicroUsd - leftMicroUsd) / limitMicroUsd;
    const words = { when: when(resetsAt), left: money(leftMicroUsd), limit: money(limitMicroUsd) };
    const text = leftMicroUsd > 0 ? 'budget_low' : action === 'warn' ? 'budget_warns' : 'budget_used_up';
    return {
      title: t(title, { ...nameOf(item), share: format().percent(used) }),
      text: t(`attention.${text}Text`, words),
    };
  };
}

function createWords(now: () => number): (item: Attention) => Words {
  const { t, plural, format } = useOverviewText();
  const when = (iso: string) => format().relative(new Date(iso), new Date(now()));
  const budget = createBudgetWords(now);
  const words: Readonly<Record<Attention['kind'], (item: Attention) => Words>> = {
    no_healthy_key: () => ({
      title: t('attention.no_healthy_key'),
      text: t('attention.no_healthy_keyText'),
    }),
    provider_key_quarantined: (item) => ({
      title: t('attention.provider_key_quarantined', nameOf(item)),
      text: item.detail,
    }),
    provider_key_exhausted: (item) => ({
      title: t('attention.provider_key_exhausted', nameOf(item)),
      text: item.detail,
    }),
    budget_used_up: (item) => budget(item, 'attention.budget_used_up'),
    budget_low: (item) => budget(item, 'attention.budget_low'),
    user_budget_used_up: (item) => budget(item, 'attention.user_budget_used_up'),
    user_budget_low: (item) => budget(item, 'attention.user_budget_low'),
    access_key_budget_used_up: (item) => budget(item, 'attention.access_key_budget_used_up'),
    access_key_budget_low: (item) => budget(item, 'attention.access_key_budget_low'),
    access_key_expires: (item) => ({
      title: t('attention.access_key_expires', { ...nameOf(item), when: when(item.detail) }),
      text: t('attention.access_key_expiresText'),
    }),
    unknown_costs: ({ detail }) => ({
      title: plural('attention.unknown_costs', Number(detail)),
      text: t('attention.unknown_costsText'),
    }),
  };
  return (item) => words[item.kind](item);
}

function Item(props: { item: Attention; words: Words }): JSX.Element {
  const isUrgent = () => URGENT.has(props.item.kind);
  return (
    <li class="group relative flex items-start gap-3 border-t border-border py-3 first:border-t-0 first:pt-0 last:pb-0">
      <Show
        when={isUrgent()}
        fallback={<TriangleAlert aria-hidden="true" class="mt-0.5 size-4.5 shrink-0 text-warning" />}
      >
        <CircleAlert aria-hidden="true" class="mt-0.5 size-4.5 shrink-0 text-danger" />
      </Show>
      <div class="min-w-0 flex-1">
        <A
          href={findAttentionHref(props.item)}
          class="wrap-anywhere font-medium text-text no-underline after:absolute after:inset-0 after:rounded-control group-hover:text-accent"
        >
          {props.words.title}
        </A>
        <p class="text-pretty wrap-anywhere text-table text-text-2">{props.words.text}</p>
      </div>
      <ChevronRight aria-hidden="true" class="mt-0.5 size-4 shrink-0 text-text-3" />
    </li>
  );
}

/** All in order, told as plainly as what is not. */
export function AllWell(props: { title: string; text: string }): JSX.Element {
  return (
    <div class="flex items-start gap-3 py-1">
      <CircleCheck aria-hidden="true" class="mt-0.5 size-4.5 shrink-0 text-success" />
      <div>
        <p class="font-medium">{props.title}</p>
        <p class="text-table text-text-2">{props.text}</p>
      </div>
    </div>
  );
}

/** What somebody should look at, the most urgent first, as the server ranks it. */
export function AttentionPanel(props: { items: readonly Attention[]; now: number }): JSX.Element {
  const { t } = useOverviewText();
  const wordsOf = createWords(() => props.now);
  return (
    <Panel title={t('attention.title')}>
      <Show
        when={props.items.length > 0}
        fallback={<AllWell title={t('attention.none')} text={t('attention.noneText')} />}
      >
        <ul class="flex flex-col">
          <For each={props.items}>{(item) => <Item item={item} words={wordsOf(item)} />}</For>
        </ul>
      </Show>
    </Panel>
  );
}
