import type { SqlValue, Statement, UpstreamAttempt } from '@ephemera/db';

import { nameOf, ownerIdOf } from '../../auth/scopes.ts';
import type { Actor, ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { Settlement } from '../../pool/key-pool.ts';
import type { Admitted } from './admit.ts';

const MINT_COLUMNS = [
  'id',
  'user_id',
  'user_name',
  'state',
  'kind',
  'model',
  'voice',
  'request_id',
  'issued_at',
  'attempts',
  'mint_ms',
] as const;

/** Raw SQL on purpose: this runs once a mint, and a query builder would cost more than the insert. */
function insertSql(columns: readonly string[]): string {
  return `insert into sessions (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`;
}

const INSERT_ISSUED = insertSql([...MINT_COLUMNS, 'provider_session_id', 'expires_at', 'provider_key_id']);
const INSERT_FAILED = insertSql([...MINT_COLUMNS, 'reason', 'ended_at', 'ended_by']);

export type MintRecord = {
  sessionId: string;
  actor: Actor;
  admitted: Admitted;
  issuedAtMs: number;
  mintMs: number;
  attempts: UpstreamAttempt[];
  /** What the tries did to the keys; committed with the row, or not at all. */
  settlements: readonly Settlement[];
} & (
  | { state: 'issued'; providerSessionId: string; expiresAtMs: number; keyId: string }
  | { state: 'failed'; reason: string; endedAtMs: number }
);

function toInsert(record: MintRecord, requestId: string): Statement {
  const { admitted, actor } = record;
  const common: SqlValue[] = [
    record.sessionId,
    ownerIdOf(actor),
    nameOf(actor),
    record.state,
    admitted.kind,
    admitted.model.id,
    admitted.voice,
    requestId,
    record.issuedAtMs,
    JSON.stringify(record.attempts),
    record.mintMs,
  ];
  return record.state === 'issued'
    ? { sql: INSERT_ISSUED, args: [...common, record.providerSessionId, record.expiresAtMs, record.keyId] }
    : { sql: INSERT_FAILED, args: [...common, record.reason, record.endedAtMs, 'error'] };
}

async function commit({ database }: ServiceContext, insert: Statement, settlements: readonly Settlement[]) {
  if (settlements.length === 0) return await database.write(insert);
  return await database.writeAll([insert, ...settlements.flatMap(({ statements }) => statements)]);
}

/** Resolves once the row is committed. The row holds neither the token nor the session's instructions. */
export async function recordMint(ctx: ServiceContext, record: MintRecord): Promise<void> {
  try {
    await commit(ctx, toInsert(record, ctx.requestId), record.settlements);
  } catch (cause) {
    throw new AppError('unavailable', 'The session could not be recorded, so no token was given out.', {
      cause,
    });
  } finally {
    for (const settlement of record.settlements) settlement.finish();
  }
}
