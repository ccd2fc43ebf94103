import type { Formatters } from './format.ts';

/** How sure an amount is. Without a word it is known, unless there is none. */
export type MoneyStatus = 'known' | 'estimated' | 'unknown';

export type MoneyFacts = { microUsd: number | null; status?: MoneyStatus | null | undefined };

/** What is not known is never an amount, whatever number came with it. */
export function findMoneyStatus({ microUsd, status }: MoneyFacts): MoneyStatus {
  return microUsd === null ? 'unknown' : (status ?? 'known');
}

/** `$0.0042`, `~$0.0042` where it is estimated, `—` where it is unknown: for texts. In a page there is `Money`. */
export function formatMoney(facts: MoneyFacts, format: Pick<Formatters, 'usd'>): string {
  const status = findMoneyStatus(facts);
  if (facts.microUsd === null || status === 'unknown') return '—';
  return `${status === 'estimated' ? '~' : ''}${format.usd(facts.microUsd / 1_000_000)}`;
}
