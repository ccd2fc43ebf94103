import type { Statement, UpstreamAttempt } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { AdmissionPlan } from '../../limits/admission-statements.ts';
import type { Settlement } from '../../pool/key-pool.ts';

/**
 * From now on the row is open until its secret has expired and the conversation that began last is over. Raw SQL on
 * purpose: this runs once a mint, and a query builder would cost more than the update.
 */
const ISSUED_SQL = `update sessions set state = 'issued', attempts = ?2, mint_ms = ?3, provider_session_id = ?4,
    expires_at = ?5, provider_key_id = ?6, deadline_at = max(?5, issued_at + limit_seconds * 1000)
  where id = ?1 and state = 'admitted'`;

/** Without a deadline the row is closed, and a trigger gives back what it took. */
const FAILED_SQL = `update sessions set state = 'failed', attempts = ?2, mint_ms = ?3, reason = ?4, ended_at = ?5,
    ended_by = 'error', deadline_at = null
  where id = ?1 and state = 'admitted'`;

export type MintRecord = {
  plan: AdmissionPlan;
  mintMs: number;
  attempts: UpstreamAttempt[];
  /** What the tries did to the keys; committed with the row, or not at all. */
  settlements: readonly Settlement[];
} & (
  | { state: 'issued'; providerSessionId: string; expiresAtMs: number; keyId: string }
  | { state: 'failed'; reason: string; endedAtMs: number }
);

function toUpdate(record: MintRecord): Statement {
  const common = [record.plan.sessionId, JSON.stringify(record.attempts), record.mintMs];
  return record.state === 'issued'
    ? { sql: ISSUED_SQL, args: [...common, record.providerSessionId, record.expiresAtMs, record.keyId] }
    : { sql: FAILED_SQL, args: [...common, record.reason, record.endedAtMs] };
}

async function commit({ database }: ServiceContext, update: Statement, settlements: readonly Settlement[]) {
  if (settlements.length === 0) return await database.write(update);
  const [updated] = await database.writeAll([update, ...settlements.flatMap(({ statements }) => statements)]);
  return updated;
}

function refuse(cause?: unknown): AppError {
  return new AppError('unavailable', 'The session could not be recorded, so no token was given out.', {
    cause,
  });
}

/**
 * Resolves once the row is committed. The row holds neither the token nor the session's instructions. A mint that took
 * so long that its row was given up in the meantime is refused.
 */
export async function recordMint(ctx: ServiceContext, record: MintRecord): Promise<void> {
  try {
    const updated = await commit(ctx, toUpdate(record), record.settlements);
    if (updated?.rowsAffected !== 1 && record.state === 'issued') throw refuse();
  } catch (cause) {
    throw cause instanceof AppError ? cause : refuse(cause);
  } finally {
    for (const settlement of record.settlements) settlement.finish();
  }
}
