import type { MoneyFacts } from '../../i18n/money.ts';
import { toUserHref } from '../users/user-href.ts';
import type { Attention, Overview, Steps } from './overview-types.ts';

/** Of those that no limit refused; `null` where there was none. */
export function findSuccessShare(issued: number, failed: number): number | null {
  const asked = issued + failed;
  return asked === 0 ? null : issued / asked;
}

type SpendSums = { knownMicroUsd: number; estimatedMicroUsd: number; unknownCosts: number };

/** Today's money and how sure it is. Where nothing but unknown costs came up, it is unknown and not zero. */
export function findSpend(
  overview: Pick<Overview, 'spentTodayMicroUsd'>,
  today: SpendSums | null,
): MoneyFacts {
  if (today === null) return { microUsd: overview.spentTodayMicroUsd };
  const microUsd = today.knownMicroUsd + today.estimatedMicroUsd;
  if (microUsd === 0 && today.unknownCosts > 0) return { microUsd: null };
  return { microUsd, status: today.estimatedMicroUsd > 0 ? 'estimated' : 'known' };
}

/** The pages where what needs attention is mended; those of one thing go on with its id. */
const ATTENTION_PAGES: Readonly<Record<Attention['kind'], string>> = {
  no_healthy_key: '/provider-keys',
  provider_key_quarantined: '/provider-keys',
  provider_key_exhausted: '/provider-keys',
  budget_used_up: '/budgets',
  budget_low: '/budgets',
  user_budget_used_up: '/users',
  user_budget_low: '/users',
  access_key_budget_used_up: '/access-keys',
  access_key_budget_low: '/access-keys',
  access_key_expires: '/access-keys',
  unknown_costs: '/usage?range=24h&metric=sessions',
};

export function findAttentionHref({ kind, target }: Pick<Attention, 'kind' | 'target'>): string {
  const page = ATTENTION_PAGES[kind];
  if (target === null) return page;
  return page === '/users' ? toUserHref(target) : `${page}/${encodeURIComponent(target)}`;
}

const STEP_NAMES = ['key', 'mint', 'call'] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** In the order in which they are taken. */
export function listSteps(steps: Steps): { name: StepName; isDone: boolean }[] {
  const done = { key: steps.hasKey, mint: steps.hasMint, call: steps.hasCall };
  return STEP_NAMES.map((name) => ({ name, isDone: done[name] }));
}

/** One line for a shell, with nothing in it that is secret. */
export function writeMintCommand(origin: string): string {
  return `curl ${origin}/v1/realtime/client_secrets -H "Authorization: Bearer $EPHEMERA_KEY" -H "Content-Type: application/json" -d '{"session":{"type":"realtime"}}'`;
}
