import type { MoneyStatus } from '../../i18n/money.ts';
import { isOpenState } from './outcome.ts';
import type { SessionMessage } from './session-text.ts';
import type { SessionSummary } from './session-types.ts';

type Facts = Pick<SessionSummary, 'state' | 'connectedAt' | 'costMicroUsd' | 'costStatus' | 'costSource'>;

export type SessionCost = {
  microUsd: number | null;
  status: MoneyStatus;
  /** Where the number comes from, or why there is none. */
  hint: { key: SessionMessage; values?: { source: string } };
};

const SOURCES = ['responses', 'totals', 'duration', 'reported', 'worst_case'] as const;
export type CostSource = (typeof SOURCES)[number];

export function parseCostSource(source: string | null): CostSource | null {
  return SOURCES.find((known) => known === source) ?? null;
}

function findHint(session: Facts): SessionCost['hint'] {
  if (session.costMicroUsd === null) {
    if (isOpenState(session.state)) return { key: 'cost.pending' };
    return { key: session.connectedAt === null ? 'cost.never' : 'cost.unknown' };
  }
  const source = parseCostSource(session.costSource);
  return source === null
    ? { key: 'cost.other', values: { source: session.costSource ?? '—' } }
    : { key: `cost.${source}` };
}

/** What a session costs as far as it is known; what is not known is never zero. */
export function findCost(session: Facts): SessionCost {
  const { costMicroUsd, costStatus } = session;
  const status = costMicroUsd === null ? 'unknown' : (costStatus ?? 'estimated');
  return { microUsd: status === 'unknown' ? null : costMicroUsd, status, hint: findHint(session) };
}
