import type { SqlRow } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { estimateMicroUsd } from '../../pricing/estimate.ts';
import { findPrices } from '../../pricing/find-prices.ts';
import { closingCost } from '../usage/cost-sql.ts';
import { chargeUnreported } from './charge-unreported.ts';

export type OverdueContext = Pick<ServiceContext, 'database' | 'clock' | 'logger'> & {
  settings: Pick<ServiceContext['settings'], 'unreportedSessions'>;
};

/** So many at once, that no mint waits long behind them. */
const BATCH = 100;
const MAX_BATCHES = 50;

const FIND_SQL = `select seq, id, state, model, issued_at, connected_at, deadline_at, reserved_micro_usd from sessions
  where deadline_at <= ?1 order by deadline_at limit ${BATCH}`;

/**
 * By its deadline a session is over, whoever writes that down and when. `admitted`: the process died while it asked the
 * provider. `issued`: nobody ever said that the secret was used. The deadline is looked at again, so that of several
 * processes one closes the row.
 */
const CLOSE_SQL = `update sessions set
    state = iif(sessions.state = 'admitted', 'failed', 'ended'),
    ended_at = sessions.deadline_at,
    ended_by = iif(sessions.state = 'admitted', 'error', 'timeout'),
    reason = case sessions.state when 'admitted' then 'abandoned' when 'issued' then 'never_connected' else reason end,
    duration_seconds = iif(sessions.state = 'connected', (sessions.deadline_at - connected_at) / 1000.0, null),
    ${closingCost({ estimate: 'overdue.estimate', version: 'overdue.version' })},
    deadline_at = null
  from (select value ->> 0 as seq, value ->> 1 as deadline, value ->> 2 as estimate, value ->> 3 as version
    from json_each(?1)) as overdue
  where sessions.seq = overdue.seq and sessions.deadline_at = overdue.deadline
    and sessions.state not in ('ended', 'failed')
  returning id, sessions.state, reason`;

/** Of sessions that have ended before: the secrets that they were held for are of no use any more. */
const RELEASE_SQL = `update sessions set deadline_at = null from json_each(?1) as overdue
  where sessions.seq = overdue.value ->> 0 and sessions.deadline_at = overdue.value ->> 1
    and sessions.state in ('ended', 'failed')`;

/** What the length suggests, of a conversation that took place. */
function estimateOf(row: SqlRow): [number | null, string | null] {
  const { model, state, issued_at: issuedAt, connected_at: connectedAt, deadline_at: deadlineAt } = row;
  if (state !== 'connected' || typeof model !== 'string') return [null, null];
  const seconds = (Number(deadlineAt) - Number(connectedAt ?? issuedAt)) / 1_000;
  const atMs = Number(issuedAt);
  return [estimateMicroUsd(model, seconds, atMs), findPrices(model, atMs)?.version ?? null];
}

async function closeBatch(ctx: OverdueContext): Promise<{ found: number; closed: number }> {
  const { database, clock, settings } = ctx;
  const rows = await database.read(FIND_SQL, [clock.now()]);
  if (rows.length === 0) return { found: 0, closed: 0 };
  const overdue = JSON.stringify(rows.map((row) => [row['seq'], row['deadline_at'], ...estimateOf(row)]));
  const [closed, released] = await database.writeAll([
    { sql: CLOSE_SQL, args: [overdue] },
    { sql: RELEASE_SQL, args: [overdue] },
    ...chargeUnreported(
      settings,
      rows.map((row) => String(row['id'])),
    ),
  ]);
  for (const row of closed?.rows ?? []) {
    ctx.logger.info('session.ended', { sessionId: row['id'], state: row['state'], reason: row['reason'] });
  }
  return { found: rows.length, closed: (closed?.rows.length ?? 0) + (released?.rowsAffected ?? 0) };
}

export type Swept = {
  closed: number;
  /** Whether nothing is left that is over. */
  isDone: boolean;
};

/** Closes what is over by now and gives back what it held. */
export async function closeOverdue(ctx: OverdueContext): Promise<Swept> {
  let total = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const { found, closed } = await closeBatch(ctx);
    total += closed;
    if (found < BATCH) return { closed: total, isDone: true };
  }
  return { closed: total, isDone: false };
}
