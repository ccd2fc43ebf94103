import type { Database } from '@ephemera/db';

import type { Clock } from '../context.ts';
import type { Pseudonyms } from '../pseudonyms.ts';

/** Takes a code for the account; false where it was taken before. */
export type TakeCode = (userId: string, code: string) => Promise<boolean>;

/** Longer than any code is good for: its own half minute and the ones beside it. */
const GOOD_MS = 120_000;

const TAKE_SQL = `insert into rate_windows (scope, subject, window_start, count)
  select 'totp_used', ?1, ?2, 1 where not exists (
    select 1 from rate_windows where scope = 'totp_used' and subject = ?1 and window_start > ?3)`;

/** A code of an authenticator app counts once, over all processes: one statement decides. */
export function createTakeCode(parts: {
  database: Pick<Database, 'writeAll'>;
  clock: Clock;
  pseudonyms: Pseudonyms;
}): TakeCode {
  const { database, clock, pseudonyms } = parts;
  return async (userId, code) => {
    // As the library reads it, so that the same code spelled otherwise is the same.
    const subject = await pseudonyms.safetyIdentifierOf(`totp:${userId}:${code.trim()}`);
    const nowMs = clock.now();
    const [taken] = await database.writeAll([{ sql: TAKE_SQL, args: [subject, nowMs, nowMs - GOOD_MS] }]);
    return taken?.rowsAffected === 1;
  };
}
