import type { AccessKeyRow, Statement } from '@ephemera/db';

import { accessKeyState } from '../../access-keys/state.ts';
import { auditStatement } from '../../audit/record.ts';
import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { requireGrantable } from './check-input.ts';
import { getAccessKeyRow, requireChangeable } from './rows.ts';
import { summarizeAccessKey } from './summarize.ts';
import type { AccessKeySummary } from './summary.ts';

export type RotateAccessKeyInput = {
  id: string;
  /** For so long the former secret is accepted too. */
  graceSeconds: number;
};

export type RotatedAccessKey = { key: AccessKeySummary; old: AccessKeySummary; secret: string };

/** Only from the secret that was looked at: of two rotations at once the later one changes nothing. */
const REPLACE_SQL = `update access_keys set hash = ?1, last_four = ?2, created_at = ?3, created_by = ?4,
    last_used_at = null, last_used_prefix = null
  where id = ?5 and hash = ?6 and revoked_at is null`;

const KEEP_FORMER_SQL = `insert into access_keys (id, name, environment, hash, last_four, scopes, allowed_models,
    allowed_origins, mints_per_minute, max_open_sessions, max_ttl_seconds, max_session_seconds, created_at, created_by,
    expires_at, disabled_at, replaced_by, grace_until, last_used_at, last_used_prefix)
  select ?1, name, environment, ?2, ?3, scopes, allowed_models,
    allowed_origins, mints_per_minute, max_open_sessions, max_ttl_seconds, max_session_seconds, ?4, ?5,
    expires_at, disabled_at, id, ?6, ?7, ?8
  from access_keys where id = ?9 and changes() > 0`;

function keepFormer(row: AccessKeyRow, formerId: string, graceUntilMs: number): Statement {
  return {
    sql: KEEP_FORMER_SQL,
    args: [
      formerId,
      row.hash,
      row.lastFour,
      row.createdAt.getTime(),
      row.createdBy,
      graceUntilMs,
      row.lastUsedAt === null ? null : row.lastUsedAt.getTime(),
      row.lastUsedPrefix,
      row.id,
    ],
  };
}

function requireRotatable(ctx: ServiceContext, row: AccessKeyRow): void {
  requireChangeable(row);
  const state = accessKeyState(row, ctx.clock.now());
  if (state !== 'active') throw new AppError('conflict', `The key "${row.name}" is ${state}.`);
  // Whoever gets the new secret gets what it may do.
  requireGrantable(ctx, row.scopes);
}

/**
 * Gives a key a new secret. The key keeps its id, and with it its sessions, its limits and what it has spent; the
 * former secret moves to a row of its own, and acts as this key until its grace is over.
 */
export async function rotateAccessKey(
  ctx: ServiceContext,
  { id, graceSeconds }: RotateAccessKeyInput,
): Promise<RotatedAccessKey> {
  const createdBy = ownerIdOf(requireScope(ctx, 'access-keys:write'));
  const row = await getAccessKeyRow(ctx, id);
  requireRotatable(ctx, row);
  const secret = ctx.accessKeySecrets.create(row.environment);
  const hash = await ctx.accessKeySecrets.hash(secret);
  const formerId = ctx.ids.accessKeyId();
  const nowMs = ctx.clock.now();
  const [replaced] = await ctx.database.writeAll([
    { sql: REPLACE_SQL, args: [hash, secret.slice(-4), nowMs, createdBy, id, row.hash] },
    keepFormer(row, formerId, nowMs + graceSeconds * 1_000),
    auditStatement(ctx, {
      action: 'access_key.rotate',
      target: id,
      result: 'ok',
      details: { formerId, graceSeconds },
      isConditional: true,
    }),
  ]);
  if (replaced?.rowsAffected !== 1) {
    throw new AppError('conflict', `The key "${row.name}" was rotated or revoked meanwhile.`);
  }
  const [key, old] = await Promise.all([summarizeAccessKey(ctx, id), summarizeAccessKey(ctx, formerId)]);
  return { key, old, secret };
}
