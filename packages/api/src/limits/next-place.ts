import type { Database } from '@ephemera/db';

import type { AppError } from '../errors.ts';
import { sessionIdFloor } from '../ids.ts';
import type { AdmissionPlan } from './admission-statements.ts';
import { findFullRoom, rateLimitOf, sessionLimit } from './explain-refusal.ts';
import type { Standing } from './read-standing.ts';

/** Two hours for a secret, one for the call that it began last, and some more. */
const LONGEST_MS = 4 * 3_600_000;

const soonestOf = (column: string): string => `select min(deadline_at) as at from sessions
  where ${column} = ?1 and id >= ?2 and deadline_at > ?3`;

/** Ids begin with their time, so each of these reads along an index. */
const SOONEST_SQL = { user: soonestOf('user_id'), access_key: soonestOf('access_key_id') } as const;

/** The same refusal for want of a place, with when there will be one. */
export async function withNextPlace(
  { read }: Pick<Database, 'read'>,
  refusal: AppError,
  { plan, standing }: { plan: AdmissionPlan; standing: Standing },
): Promise<AppError> {
  const full = findFullRoom(plan, standing);
  if (full === null) return refusal;
  const { kind, room } = full;
  const { nowMs } = plan;
  const [row] = await read(SOONEST_SQL[kind], [room.subject, sessionIdFloor(nowMs - LONGEST_MS), nowMs]);
  const at = row?.['at'];
  const waitSeconds = typeof at === 'number' ? Math.ceil((at - nowMs) / 1_000) : null;
  return sessionLimit(room.maxOpenSessions, waitSeconds, rateLimitOf(plan, standing));
}
