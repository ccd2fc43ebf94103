import type { Statement, WriteResult } from '@ephemera/db';

import type { Clock } from '../../context.ts';
import { AppError } from '../../errors.ts';

export type RateScope =
  | 'internal_read'
  | 'internal_report'
  | 'internal_refused'
  | 'setup_refused'
  | 'mint_refused'
  | 'node_login'
  | 'node_refused'
  | 'message_send';

/** One subject's requests of one minute. */
export type RateWindow = { scope: RateScope; subject: string; limit: number; startMs: number };

const WINDOW_MS = 60_000;
export const RATE_WINDOW_SECONDS = WINDOW_MS / 1_000;
/** Longer than the longest window that is counted here, the sign-in's. */
const KEPT_MS = 60 * WINDOW_MS;

/** Answers a row, and changes one, only where there was room: whatever follows in the unit may depend on `changes()`. */
const COUNT_SQL = `insert into rate_windows (scope, subject, window_start, count) values (?1, ?2, ?3, 1)
  on conflict (scope, subject, window_start) do update set count = count + 1 where count < ?4 returning count`;

const PRUNE_SQL = 'delete from rate_windows where window_start < ?1';

export function openRateWindow(clock: Clock, window: Omit<RateWindow, 'startMs'>): RateWindow {
  const nowMs = clock.now();
  return { ...window, startMs: nowMs - (nowMs % WINDOW_MS) };
}

/** Counts the request; one atomic statement, the same on every host and over all processes. */
export function countStatement({ scope, subject, startMs, limit }: RateWindow): Statement {
  return { sql: COUNT_SQL, args: [scope, subject, startMs, limit] };
}

/** Throws `rate_limited`, with the end of the window, where the count took no effect. Else: which request it was. */
export function requireRoom(clock: Clock, window: RateWindow, counted: WriteResult | undefined): number {
  const count = counted?.rows[0]?.['count'];
  if (count !== undefined) return Number(count);
  const retryAfterSeconds = Math.max(1, Math.ceil((window.startMs + WINDOW_MS - clock.now()) / 1_000));
  throw new AppError('rate_limited', `Too many requests: ${window.limit} a minute are allowed.`, {
    details: { retryAfterSeconds },
  });
}

/** Windows that nobody looks at any more. */
export function pruneWindowsStatement(clock: Clock): Statement {
  return { sql: PRUNE_SQL, args: [clock.now() - KEPT_MS] };
}
