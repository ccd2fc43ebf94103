import type { RouterInputs, RouterOutputs } from '@ephemera/api';

export type BudgetList = RouterOutputs['budgets']['list'];
export type BudgetEntry = BudgetList['items'][number];
export type BudgetInput = RouterInputs['budgets']['set'];
export type BudgetScope = BudgetEntry['scope'];
export type BudgetPeriod = BudgetEntry['period'];
export type BudgetAction = BudgetEntry['action'];

export type UserSummary = RouterOutputs['users']['list']['items'][number];
export type UserDetail = RouterOutputs['users']['get'];
/** What is spent of a budget, and when it begins anew. */
export type BudgetUse = NonNullable<UserSummary['budget']>;

export const USER_LIMITS = [
  'mintsPerMinute',
  'maxOpenSessions',
  'maxTtlSeconds',
  'maxSessionSeconds',
] as const;
export const DEPLOYMENT_LIMITS = [
  'mintsPerMinute',
  'mintsPerMinutePerAddress',
  'maxOpenSessions',
  'maxTtlSeconds',
  'maxSessionSeconds',
] as const;
export type LimitName = (typeof DEPLOYMENT_LIMITS)[number];

/** A limit as it holds, and whether it was set for this very subject. */
export type LimitValue = { value: number; isOwn: boolean };

export const BUDGET_SCOPES = [
  'project',
  'default_user',
  'user',
  'access_key',
] as const satisfies readonly BudgetScope[];
export const PERIODS = ['daily', 'weekly', 'monthly'] as const satisfies readonly BudgetPeriod[];
export const ACTIONS = ['block', 'warn'] as const satisfies readonly BudgetAction[];
