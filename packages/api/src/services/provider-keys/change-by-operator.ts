import type { ProviderKeyRow, Statement } from '@ephemera/db';

import { resolveAlertsStatement } from '../../audit/alerts.ts';
import type { AuditEntry } from '../../audit/record.ts';
import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { readEffectiveHealth, untilOf } from '../../pool/health-row.ts';
import type { KeyEvent } from '../../pool/key-health.ts';
import { reasonOf, transition } from '../../pool/key-health.ts';
import { getProviderKeyRow } from './find.ts';
import { summarizeProviderKey } from './summarize.ts';
import type { ProviderKeySummary } from './summary.ts';

/** An operator's word counts whatever state the key has got into since it was looked at, and ends an overlap. */
const UPDATE_SQL = `update provider_keys
  set state = ?1, state_reason = ?2, state_since = ?3, state_until = ?4, drain_at = null, probe_until = null
  where id = ?5`;

export type OperatorChange = {
  id: string;
  event: KeyEvent;
  action: AuditEntry['action'];
  details?: AuditEntry['details'];
};

function updateStatement(ctx: ServiceContext, row: ProviderKeyRow, change: OperatorChange): Statement {
  const nowMs = ctx.clock.now();
  const health = transition(readEffectiveHealth(row, nowMs), change.event, nowMs);
  const to = [health.state, reasonOf(health), health.sinceMs, untilOf(health)];
  return { sql: UPDATE_SQL, args: [...to, row.id] };
}

/** Changes a key's state at an operator's word: audited, its alerts closed, the pool told. */
export async function changeByOperator(
  ctx: ServiceContext,
  change: OperatorChange,
): Promise<{ key: ProviderKeySummary }> {
  const row = await getProviderKeyRow(ctx, change.id);
  const { action, details = {} } = change;
  const [updated] = await ctx.database.writeAll([
    updateStatement(ctx, row, change),
    auditStatement(ctx, {
      action,
      target: row.id,
      result: 'ok',
      details: { from: row.state, ...details },
      isConditional: true,
    }),
    resolveAlertsStatement(ctx, { target: row.id }),
  ]);
  if (updated?.rowsAffected !== 1) throw new AppError('not_found', 'There is no such provider key.');
  ctx.keyPool.invalidate();
  return { key: await summarizeProviderKey(ctx, row.id) };
}
