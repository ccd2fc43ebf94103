import type { ProviderKeyRow, Statement } from '@ephemera/db';
import { providerKeys } from '@ephemera/db';
import { and, eq } from 'drizzle-orm';

import { resolveAlertsStatement } from '../../audit/alerts.ts';
import type { ServiceContext } from '../../context.ts';
import { readHealth } from '../../pool/health-row.ts';
import { changeStatements } from '../../pool/health-statements.ts';
import type { KeyEvent } from '../../pool/key-health.ts';
import { transition } from '../../pool/key-health.ts';

function statementsOf(ctx: ServiceContext, row: ProviderKeyRow, event: KeyEvent): Statement[] {
  const from = readHealth(row);
  const to = transition(from, event, ctx.clock.now());
  if (to === from) return [];
  const statements = changeStatements(ctx, { keyId: row.id, name: row.name, from, to });
  // A test is an operator's doing: whatever the alert was about has been looked at.
  return event.kind === 'tested'
    ? [...statements, resolveAlertsStatement(ctx, { target: row.id })]
    : statements;
}

/** The keys that an event is about: a 429 is one of the whole project. */
async function listAffected(
  ctx: ServiceContext,
  row: ProviderKeyRow,
  event: KeyEvent,
): Promise<ProviderKeyRow[]> {
  const isShared = event.kind === 'failed' && event.failure === 'rate_limited' && row.limitDomain !== null;
  if (!isShared) return [row];
  const { provider, limitDomain } = providerKeys;
  return await ctx.database.orm
    .select()
    .from(providerKeys)
    .where(and(eq(provider, row.provider), eq(limitDomain, row.limitDomain ?? '')));
}

/** What an event does: for each key that it changes a unit, the update of its row first. */
export async function planKeyEvent(
  ctx: ServiceContext,
  row: ProviderKeyRow,
  event: KeyEvent,
): Promise<readonly (readonly Statement[])[]> {
  const affected = await listAffected(ctx, row, event);
  return affected.map((it) => statementsOf(ctx, it, event)).filter(({ length }) => length > 0);
}

/** Lets an event act on a key; writes nothing where it changes nothing. */
export async function applyKeyEvent(
  ctx: ServiceContext,
  row: ProviderKeyRow,
  event: KeyEvent,
): Promise<void> {
  const statements = (await planKeyEvent(ctx, row, event)).flat();
  if (statements.length === 0) return;
  await ctx.database.writeAll(statements);
  ctx.keyPool.invalidate();
}
