import { hasSubject } from './budget-form.ts';
import type { BudgetEntry } from './limit-types.ts';

export type OwnScope = 'user' | 'access_key';
export const OWN_SCOPES = ['user', 'access_key'] as const;

export function parseOwnScope(value: unknown): OwnScope | null {
  return OWN_SCOPES.find((scope) => scope === value) ?? null;
}

/** What is spent or promised of it. */
function findShare(budget: BudgetEntry): number {
  return (budget.spentMicroUsd + budget.reservedMicroUsd) / Math.max(1, budget.limitMicroUsd);
}

/** Those of single users and keys: the fullest first, then by name. */
export function selectOwnBudgets(budgets: readonly BudgetEntry[], scope: OwnScope | null): BudgetEntry[] {
  return budgets
    .filter((budget) => hasSubject(budget.scope) && (scope === null || budget.scope === scope))
    .toSorted((a, b) => findShare(b) - findShare(a) || nameOfBudget(a).localeCompare(nameOfBudget(b)));
}

export function nameOfBudget(budget: Pick<BudgetEntry, 'name' | 'subject'>): string {
  return budget.name ?? budget.subject;
}

/** Of a table row: a budget has no id but whose it is. */
export function budgetKey({ scope, subject }: Pick<BudgetEntry, 'scope' | 'subject'>): string {
  return `${scope}/${subject}`;
}
