import type { Statement } from '@ephemera/db';

/** For so long a retried report is known. */
const KEPT_MS = 24 * 3_600_000;
/** At a time, so that a long pause costs nobody a long transaction. */
const MAX_ROWS = 5_000;

const PRUNE_SQL = `delete from provider_key_reports where rowid in (
  select rowid from provider_key_reports where at < ?1 order by at limit ${MAX_ROWS})`;

/** Reports that are a day old; what they counted stays counted. */
export function pruneReportsStatement(nowMs: number): Statement {
  return { sql: PRUNE_SQL, args: [nowMs - KEPT_MS] };
}
