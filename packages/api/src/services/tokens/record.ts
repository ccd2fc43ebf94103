import { createInsertTemplate } from '@ephemera/db';
import type { SqlValue, UpstreamAttempt } from '@ephemera/db';

import type { ServiceContext, UserActor } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { Admitted } from './admit.ts';

const COLUMNS = [
  'id',
  'provider_session_id',
  'user_id',
  'user_name',
  'state',
  'kind',
  'model',
  'voice',
  'request_id',
  'issued_at',
  'expires_at',
  'reason',
  'ended_at',
  'ended_by',
  'attempts',
  'mint_ms',
] as const;

type Column = (typeof COLUMNS)[number];

/** Raw SQL on purpose: this runs once a mint, and a query builder would cost more than the insert. */
const INSERT = createInsertTemplate('sessions', COLUMNS);

export type MintRecord = {
  sessionId: string;
  user: UserActor;
  admitted: Admitted;
  issuedAtMs: number;
  mintMs: number;
  attempts: UpstreamAttempt[];
} & (
  | { state: 'issued'; providerSessionId: string; expiresAtMs: number }
  | { state: 'failed'; reason: string; endedAtMs: number }
);

function toRow(record: MintRecord, requestId: string): Record<Column, SqlValue> {
  const { admitted, user } = record;
  const isIssued = record.state === 'issued';
  return {
    id: record.sessionId,
    provider_session_id: isIssued ? record.providerSessionId : null,
    user_id: user.id,
    user_name: user.name ?? null,
    state: record.state,
    kind: admitted.session.type,
    model: admitted.model.id,
    voice: admitted.voice,
    request_id: requestId,
    issued_at: record.issuedAtMs,
    expires_at: isIssued ? record.expiresAtMs : null,
    reason: isIssued ? null : record.reason,
    ended_at: isIssued ? null : record.endedAtMs,
    ended_by: isIssued ? null : 'error',
    attempts: JSON.stringify(record.attempts),
    mint_ms: record.mintMs,
  };
}

/** Resolves once the row is committed. The row holds neither the token nor the session's instructions. */
export async function recordMint(ctx: ServiceContext, record: MintRecord): Promise<void> {
  const row = toRow(record, ctx.requestId);
  try {
    await ctx.database.write({ insert: INSERT, values: COLUMNS.map((column) => row[column]) });
  } catch (cause) {
    throw new AppError('unavailable', 'The session could not be recorded, so no token was given out.', {
      cause,
    });
  }
}
