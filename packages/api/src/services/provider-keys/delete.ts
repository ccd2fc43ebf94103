import { isOpenSession } from '@ephemera/db';
import type { ProviderKeyRow } from '@ephemera/db';

import { resolveAlertsStatement } from '../../audit/alerts.ts';
import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { effectiveState } from '../../pool/health-row.ts';
import { requireScope } from '../../auth/scopes.ts';
import { getProviderKeyRow } from './find.ts';

/** `?3`: whatever is open. The calls of a key that is off have had their time. */
const DELETE_SQL = `delete from provider_keys where id = ?1 and name = ?2 and (?3 = 1 or not exists (
  select 1 from sessions where provider_key_id = ?1 and ${isOpenSession('?4')}))`;

async function requireDeletable(
  ctx: ServiceContext,
  row: ProviderKeyRow,
  confirmName: string,
): Promise<void> {
  if (confirmName !== row.name) {
    throw new AppError('invalid_request', 'The name that was typed is not the name of this key.', {
      details: { param: 'confirmName' },
    });
  }
  if (row.source === 'environment' && (await ctx.keySecrets.open(row)).kind === 'open') {
    throw new AppError(
      'conflict',
      'This key comes from the environment: unset it there, then delete it here.',
    );
  }
}

/** Removes a key and its hours. Its past sessions keep the id. Throws `conflict` while calls run on a key in use. */
export async function deleteProviderKey(
  ctx: ServiceContext,
  input: { id: string; confirmName: string },
): Promise<{ ok: true }> {
  requireScope(ctx, 'keys:write');
  const row = await getProviderKeyRow(ctx, input.id);
  await requireDeletable(ctx, row, input.confirmName);
  const nowMs = ctx.clock.now();
  const isOff = effectiveState(row, nowMs) === 'disabled';
  const [deleted] = await ctx.database.writeAll([
    { sql: DELETE_SQL, args: [row.id, row.name, isOff ? 1 : 0, nowMs] },
    auditStatement(ctx, {
      action: 'provider_key.delete',
      target: row.id,
      result: 'ok',
      details: { provider: row.provider, name: row.name, lastFour: row.lastFour },
      isConditional: true,
    }),
    resolveAlertsStatement(ctx, { target: row.id, isConditional: true }),
  ]);
  if (deleted?.rowsAffected !== 1) {
    throw new AppError('conflict', 'Calls run on this key: drain or disable it first.');
  }
  ctx.keyPool.invalidate();
  return { ok: true };
}
