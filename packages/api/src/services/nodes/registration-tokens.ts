import type { SqlRow } from '@ephemera/db';

import { auditStatement } from '../../audit/record.ts';
import type { NodeScope } from '../../auth/scopes.ts';
import { NODE_SCOPES, ownerIdOf, requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { readNodeScopes } from '../../nodes/node-book.ts';
import { hashToken } from '../../nodes/refresh-tokens.ts';
import { createRegistrationToken as createSecret } from '../../nodes/registration-tokens.ts';

export type RegistrationTokenView = {
  id: string;
  note: string | null;
  scopes: NodeScope[];
  createdAt: string;
  createdBy: string;
  expiresAt: string;
  state: 'unused' | 'used' | 'expired' | 'revoked';
  usedAt: string | null;
  usedBy: string | null;
};

export type CreateRegistrationTokenInput = {
  note?: string | undefined;
  scopes: readonly NodeScope[];
  ttlSeconds: number;
};

const MAX_LISTED = 200;
const KEPT_MS = 90 * 24 * 3_600_000;

const INSERT_SQL = `insert into node_registration_tokens (id, hash, note, scopes, created_at, created_by, expires_at)
  values (?1, ?2, ?3, ?4, ?5, ?6, ?7)`;
/** One that was used stays as long as its node may show it again. */
const PRUNE_SQL = 'delete from node_registration_tokens where used_at is null and expires_at < ?1';
const REVOKE_SQL = `update node_registration_tokens set revoked_at = ?2
  where id = ?1 and used_at is null and revoked_at is null`;
const COLUMNS = 'id, note, scopes, created_at, created_by, expires_at, used_at, used_by, revoked_at';
const LIST_SQL = `select ${COLUMNS} from node_registration_tokens order by created_at desc, id desc limit ${MAX_LISTED}`;
const FIND_SQL = `select ${COLUMNS} from node_registration_tokens where id = ?1`;

function readTime(value: unknown): string | null {
  return value === null ? null : new Date(Number(value)).toISOString();
}

function stateOf(row: SqlRow, nowMs: number): RegistrationTokenView['state'] {
  if (row['used_at'] !== null) return 'used';
  if (row['revoked_at'] !== null) return 'revoked';
  return Number(row['expires_at']) <= nowMs ? 'expired' : 'unused';
}

function toView(row: SqlRow, nowMs: number): RegistrationTokenView {
  const { note, used_by: usedBy } = row;
  return {
    id: String(row['id']),
    note: typeof note === 'string' ? note : null,
    scopes: readNodeScopes(row['scopes']),
    createdAt: readTime(row['created_at']) ?? '',
    createdBy: String(row['created_by']),
    expiresAt: readTime(row['expires_at']) ?? '',
    state: stateOf(row, nowMs),
    usedAt: readTime(row['used_at']),
    usedBy: typeof usedBy === 'string' ? usedBy : null,
  };
}

async function find(ctx: ServiceContext, id: string): Promise<RegistrationTokenView> {
  const [row] = await ctx.database.read(FIND_SQL, [id]);
  if (row === undefined) throw new AppError('not_found', 'There is no such registration token.');
  return toView(row, ctx.clock.now());
}

/** The newest first; never the tokens themselves. */
export async function listRegistrationTokens(
  ctx: ServiceContext,
): Promise<{ items: RegistrationTokenView[] }> {
  requireScope(ctx, 'nodes:write');
  const rows = await ctx.database.read(LIST_SQL);
  return { items: rows.map((row) => toView(row, ctx.clock.now())) };
}

/** With which one machine may enter the network. It is told here and never again. */
export async function createRegistrationToken(
  ctx: ServiceContext,
  input: CreateRegistrationTokenInput,
): Promise<{ registrationToken: RegistrationTokenView; secret: string }> {
  const createdBy = ownerIdOf(requireScope(ctx, 'nodes:write'));
  const nowMs = ctx.clock.now();
  const secret = createSecret();
  const id = ctx.ids.registrationTokenId();
  const scopes = NODE_SCOPES.filter((scope) => input.scopes.includes(scope));
  const told = [input.note ?? null, JSON.stringify(scopes)];
  const expiresAtMs = nowMs + input.ttlSeconds * 1_000;
  await ctx.database.writeAll([
    { sql: PRUNE_SQL, args: [nowMs - KEPT_MS] },
    { sql: INSERT_SQL, args: [id, hashToken(secret), ...told, nowMs, createdBy, expiresAtMs] },
    auditStatement(ctx, {
      action: 'node_registration_token.create',
      target: id,
      result: 'ok',
      details: { scopes, ttlSeconds: input.ttlSeconds },
    }),
  ]);
  return { registrationToken: await find(ctx, id), secret };
}

/** For one that nobody has used; the node of a used one is revoked itself. */
export async function revokeRegistrationToken(
  ctx: ServiceContext,
  { id }: { id: string },
): Promise<{ registrationToken: RegistrationTokenView }> {
  requireScope(ctx, 'nodes:write');
  const [revoked] = await ctx.database.writeAll([
    { sql: REVOKE_SQL, args: [id, ctx.clock.now()] },
    auditStatement(ctx, {
      action: 'node_registration_token.revoke',
      target: id,
      result: 'ok',
      isConditional: true,
    }),
  ]);
  const registrationToken = await find(ctx, id);
  if (revoked?.rowsAffected === 1) return { registrationToken };
  throw new AppError('conflict', `This registration token is ${registrationToken.state} already.`);
}
