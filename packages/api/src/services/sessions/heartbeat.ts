import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { byTheClock } from './deadline.ts';
import { getOwnSession } from './find.ts';

export type Heartbeat = { deadlineAt: string | null; remainingSeconds: number };

const SEEN_SQL = `update sessions set last_seen_at = max(coalesce(last_seen_at, 0), ?2)
  where id = ?1 and state = 'connected' and deadline_at > ?2`;

/**
 * A client's sign of life, and the server's answer how long the conversation may still last. After the end there is
 * nothing left, and it changes nothing.
 */
export async function heartbeat(ctx: ServiceContext, input: { sessionId: string }): Promise<Heartbeat> {
  const ownerId = ownerIdOf(requireScope(ctx, 'sessions:report'));
  const nowMs = ctx.clock.now();
  const row = byTheClock(await getOwnSession(ctx, ownerId, input.sessionId), nowMs);
  if (row.state === 'connected') await ctx.database.write({ sql: SEEN_SQL, args: [row.id, nowMs] });
  const isOpen = row.state === 'issued' || row.state === 'connected';
  const endsAt = isOpen ? row.deadlineAt : (row.endedAt ?? row.deadlineAt);
  const leftMs = isOpen && endsAt !== null ? Math.max(0, endsAt.getTime() - nowMs) : 0;
  return { deadlineAt: endsAt?.toISOString() ?? null, remainingSeconds: Math.floor(leftMs / 1_000) };
}
