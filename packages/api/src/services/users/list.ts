import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { closeOverdueIfPossible } from '../sessions/sweep.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { UserSummary } from './read-users.ts';
import { readUsers } from './read-users.ts';

export type ListUsersInput = {
  /** Part of an id or a name. */
  query?: string | undefined;
  state?: 'active' | 'blocked' | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
};

export type UserPage = { items: UserSummary[]; nextCursor: string | null };

const DEFAULT_LIMIT = 50;

/** By id, which is the order of the table: no page costs more than its rows. */
const CONDITION = `a.subject > ?1
  and (?2 is null or instr(lower(a.subject), ?2) > 0 or instr(lower(coalesce(a.name, '')), ?2) > 0)
  and (?3 is null or (p.blocked_at is not null) = ?3)
  order by a.subject limit ?4`;

/** Everybody who has minted here. */
export async function listUsers(ctx: ServiceContext, input: ListUsersInput): Promise<UserPage> {
  requireScope(ctx, 'users:read');
  const afterId = input.cursor === undefined ? '' : decodeCursor(input.cursor);
  await closeOverdueIfPossible(ctx);
  const limit = input.limit ?? DEFAULT_LIMIT;
  const isBlocked = input.state === undefined ? null : Number(input.state === 'blocked');
  const query = input.query?.toLowerCase() ?? null;
  const users = await readUsers(ctx, CONDITION, [afterId, query, isBlocked, limit + 1]);
  const items = users.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: users.length > limit && last !== undefined ? encodeCursor(last.id) : null };
}
