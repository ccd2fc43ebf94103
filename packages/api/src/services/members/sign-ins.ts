import type { SqlRow } from '@ephemera/db';

import { ownerIdOf, requireScope, scopesOf } from '../../auth/scopes.ts';
import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { endSignInsStatement } from './account-statements.ts';

export type SignInSummary = {
  id: string;
  createdAt: string;
  expiresAt: string;
  ipPrefix: string | null;
  userAgent: string | null;
  isCurrent: boolean;
};

const LIST_SQL = `select id, created_at, expires_at, ip_address, user_agent from auth_sessions
  where user_id = ?1 and expires_at > ?2 order by created_at desc limit 200`;
const END_SQL =
  'delete from auth_sessions where id = ?1 and user_id = coalesce(?2, user_id) returning user_id';
const MAX_AGENT_LENGTH = 300;

function readText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_AGENT_LENGTH) : null;
}

function toSummary({ actor }: ServiceContext, row: SqlRow): SignInSummary {
  return {
    id: String(row['id']),
    createdAt: new Date(Number(row['created_at'])).toISOString(),
    expiresAt: new Date(Number(row['expires_at'])).toISOString(),
    ipPrefix: readText(row['ip_address']),
    userAgent: readText(row['user_agent']),
    isCurrent: actor.kind === 'operator' && actor.signInId === row['id'],
  };
}

/** Where somebody is signed in: oneself, or, for who may see the members, anybody. */
export async function listSignIns(
  ctx: ServiceContext,
  { id }: { id?: string | undefined },
): Promise<{ items: SignInSummary[] }> {
  const ownId = ownerIdOf(requireScope(ctx, 'me:read'));
  if (id !== undefined && id !== ownId) requireScope(ctx, 'members:read');
  const rows = await ctx.database.read(LIST_SQL, [id ?? ownId, ctx.clock.now()]);
  return { items: rows.map((row) => toSummary(ctx, row)) };
}

/** Ends one sign-in: one's own, or, for who manages the members, anybody's. Its tokens stop working with it. */
export async function endSignIn(ctx: ServiceContext, { id }: { id: string }): Promise<{ ok: true }> {
  const actor = requireScope(ctx, 'me:read');
  const ownerId = scopesOf(actor).has('members:write') ? null : ownerIdOf(actor);
  const [ended] = await ctx.database.writeAll([
    { sql: END_SQL, args: [id, ownerId] },
    auditStatement(ctx, { action: 'member.end_sign_in', target: id, result: 'ok', isConditional: true }),
  ]);
  if (ended?.rows.length !== 1) throw new AppError('not_found', 'There is no such sign-in.');
  return { ok: true };
}

/** Signs somebody out everywhere, this browser too: oneself, or, for who manages the members, anybody. */
export async function endAllSignIns(
  ctx: ServiceContext,
  { memberId }: { memberId?: string | undefined },
): Promise<{ ended: number }> {
  const ownId = ownerIdOf(requireScope(ctx, 'me:read'));
  const target = memberId ?? ownId;
  if (target !== ownId) requireScope(ctx, 'members:write');
  const [ended] = await ctx.database.writeAll([
    endSignInsStatement(target),
    auditStatement(ctx, {
      action: 'member.end_all_sign_ins',
      target,
      result: 'ok',
      isConditional: true,
    }),
  ]);
  return { ended: ended?.rowsAffected ?? 0 };
}
