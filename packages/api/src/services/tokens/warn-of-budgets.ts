import type { ServiceContext } from '../../context.ts';
import { toBudgetUse } from '../../limits/budget-use.ts';
import type { Budget } from '../../limits/limits.ts';
import { userBudgetOf } from '../../limits/limits.ts';
import { readStanding } from '../../limits/read-standing.ts';
import type { Admission } from './admission.ts';
import type { TokenWarning } from './admit.ts';

const WHOSE = { user: "This user's", access_key: "This access key's", project: "The project's" } as const;

/** Budgets that only warn cost a read, and only those do. */
export async function warnOfBudgets(
  ctx: ServiceContext,
  { plan, rules }: Pick<Admission, 'plan' | 'rules'>,
): Promise<TokenWarning[]> {
  const budgets: { kind: keyof typeof WHOSE; budget: Budget | null }[] = [
    { kind: 'user', budget: plan.user === null ? null : userBudgetOf(rules) },
    { kind: 'access_key', budget: rules.accessKeyBudget },
    { kind: 'project', budget: rules.project },
  ];
  if (!budgets.some(({ budget }) => budget?.action === 'warn')) return [];
  const { nowMs } = plan;
  const subjects = { userId: plan.ownerId, accessKeyId: plan.accessKey?.subject ?? null, address: null };
  const { allowances } = await readStanding(ctx.database, subjects, nowMs);
  return budgets.flatMap(({ kind, budget }): TokenWarning[] => {
    if (budget?.action !== 'warn') return [];
    const use = toBudgetUse(
      budget,
      allowances.find((allowance) => allowance.kind === kind),
      nowMs,
    );
    if (use.spentMicroUsd + use.reservedMicroUsd <= use.limitMicroUsd) return [];
    const message = `${WHOSE[kind]} budget is used up; it resets at ${use.resetsAt}.`;
    return [{ code: 'budget_exceeded', message }];
  });
}
