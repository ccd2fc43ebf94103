import type { ServiceContext } from '../../context.ts';
import type { BudgetUse } from '../../limits/budget-use.ts';
import { listLowBudgets, LOW_SHARE, usedShareOf } from './low-budgets.ts';

export type Attention = {
  kind:
    | 'provider_key_quarantined'
    | 'provider_key_exhausted'
    | 'no_healthy_key'
    | 'budget_used_up'
    | 'budget_low'
    | 'user_budget_used_up'
    | 'user_budget_low'
    | 'access_key_budget_used_up'
    | 'access_key_budget_low'
    | 'access_key_expires'
    | 'unknown_costs';
  target: string | null;
  name: string | null;
  /** A message for alerts, a time for what ends, a number for what is counted; empty for budgets. */
  detail: string;
  budget: BudgetUse | null;
};

type Facts = { budget: BudgetUse | null; keysHealthy: number; keysTotal: number; unknownCosts24h: number };

const MAX_EACH = 20;
const SOON_MS = 604_800_000;

const ALERTS_SQL = `select a.kind, a.target, a.message, k.name
  from alerts a left join provider_keys k on k.id = a.target
  where a.resolved_at is null order by a.at desc limit ${MAX_EACH}`;
const EXPIRING_SQL = `select id, name, expires_at from access_keys
  where revoked_at is null and disabled_at is null and replaced_by is null and expires_at > ?1 and expires_at <= ?2
  order by expires_at limit ${MAX_EACH}`;

function toAlertKind(kind: unknown): Attention['kind'] {
  return kind === 'provider_key_exhausted' ? kind : 'provider_key_quarantined';
}

async function listAlerts(ctx: ServiceContext): Promise<Attention[]> {
  return (await ctx.database.read(ALERTS_SQL)).map(({ kind, target, message, name }) => ({
    kind: toAlertKind(kind),
    target: String(target),
    name: typeof name === 'string' ? name : null,
    detail: String(message),
    budget: null,
  }));
}

async function listExpiring(ctx: ServiceContext): Promise<Attention[]> {
  const nowMs = ctx.clock.now();
  return (await ctx.database.read(EXPIRING_SQL, [nowMs, nowMs + SOON_MS])).map((row) => ({
    kind: 'access_key_expires',
    target: String(row['id']),
    name: String(row['name']),
    detail: new Date(Number(row['expires_at'])).toISOString(),
    budget: null,
  }));
}

function judgeBudget(budget: BudgetUse | null): Attention[] {
  if (budget === null || usedShareOf(budget) < LOW_SHARE) return [];
  const kind = budget.leftMicroUsd === 0 ? 'budget_used_up' : 'budget_low';
  return [{ kind, target: null, name: null, detail: '', budget }];
}

async function listOtherBudgets(ctx: ServiceContext): Promise<Attention[]> {
  return (await listLowBudgets(ctx)).map(({ scope, subject, name, use }) => ({
    kind: `${scope}_${use.leftMicroUsd === 0 ? 'budget_used_up' : 'budget_low'}` as const,
    target: subject,
    name,
    detail: '',
    budget: use,
  }));
}

/** What an operator should look at, the most urgent first. */
export async function listAttention(ctx: ServiceContext, facts: Facts): Promise<Attention[]> {
  const about = { target: null, name: null, budget: null };
  const hasNoKey = facts.keysTotal > 0 && facts.keysHealthy === 0;
  return [
    ...(hasNoKey ? [{ kind: 'no_healthy_key' as const, ...about, detail: String(facts.keysTotal) }] : []),
    ...(await listAlerts(ctx)),
    ...judgeBudget(facts.budget),
    ...(await listOtherBudgets(ctx)),
    ...(await listExpiring(ctx)),
    ...(facts.unknownCosts24h > 0
      ? [{ kind: 'unknown_costs' as const, ...about, detail: String(facts.unknownCosts24h) }]
      : []),
  ];
}
