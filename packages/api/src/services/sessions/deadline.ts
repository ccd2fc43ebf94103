import type { SessionRow } from '@ephemera/db';

type Lifetime = Pick<
  SessionRow,
  'state' | 'deadlineAt' | 'endedAt' | 'endedBy' | 'reason' | 'connectedAt' | 'durationSeconds'
>;

/**
 * By its deadline a session is over, whether or not anybody has written that down. One that has ended already only keeps
 * its place until then.
 */
export function isOver(
  { deadlineAt, state }: Pick<SessionRow, 'deadlineAt' | 'state'>,
  nowMs: number,
): boolean {
  if (state === 'ended' || state === 'failed') return false;
  return deadlineAt !== null && deadlineAt.getTime() <= nowMs;
}

/** A row as it will be once somebody closes it; what it cost is told then. Mirrors what `closeOverdue` writes. */
export function byTheClock<Row extends Lifetime>(row: Row, nowMs: number): Row {
  const { deadlineAt, state, connectedAt } = row;
  if (deadlineAt === null || !isOver(row, nowMs)) return row;
  const over = { ...row, endedAt: deadlineAt };
  if (state === 'admitted') return { ...over, state: 'failed', endedBy: 'error', reason: 'abandoned' };
  if (state === 'issued') return { ...over, state: 'ended', endedBy: 'timeout', reason: 'never_connected' };
  const durationSeconds =
    connectedAt === null ? null : (deadlineAt.getTime() - connectedAt.getTime()) / 1_000;
  return { ...over, state: 'ended', endedBy: 'timeout', durationSeconds };
}
