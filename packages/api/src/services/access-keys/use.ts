import { budgets } from '@ephemera/db';
import { eq } from 'drizzle-orm';

import type { ServiceContext } from '../../context.ts';
import { toBudgetUse } from '../../limits/budget-use.ts';
import type { Spending } from '../../limits/budget-use.ts';
import { closeOverdueIfPossible } from '../sessions/sweep.ts';
import type { KeyUse } from './summary.ts';

type Allowance = { openSessions: number; spending: Spending };

const ALLOWANCES_SQL = `select subject, open_sessions, period_start, spent_micro_usd, reserved_micro_usd
  from allowances where kind = 'access_key'`;

async function readAllowances({ database }: ServiceContext): Promise<ReadonlyMap<string, Allowance>> {
  const rows = await database.read(ALLOWANCES_SQL);
  return new Map(
    rows.map((row) => [
      String(row['subject']),
      {
        openSessions: Number(row['open_sessions']),
        spending: {
          periodStartMs: Number(row['period_start']),
          spentMicroUsd: Number(row['spent_micro_usd']),
          reservedMicroUsd: Number(row['reserved_micro_usd']),
        },
      },
    ]),
  );
}

/** What the keys have open and have spent by now. A key that was never used has none of it. */
export async function readKeyUse(ctx: ServiceContext): Promise<(id: string) => KeyUse> {
  await closeOverdueIfPossible(ctx);
  const [allowances, rows] = await Promise.all([
    readAllowances(ctx),
    ctx.database.orm.select().from(budgets).where(eq(budgets.scope, 'access_key')),
  ]);
  const budgetById = new Map(rows.map((row) => [row.subject, row]));
  const nowMs = ctx.clock.now();
  return (id) => {
    const allowance = allowances.get(id);
    const budget = budgetById.get(id);
    return {
      openSessions: allowance?.openSessions ?? 0,
      budget: budget === undefined ? null : toBudgetUse(budget, allowance?.spending, nowMs),
    };
  };
}
