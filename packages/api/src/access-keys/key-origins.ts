import type { Database } from '@ephemera/db';
import * as z from 'zod';

import type { Clock, Logger } from '../context.ts';
import { describeError } from '../errors.ts';

/** Whether a web page of this origin may use some access key. */
export type KeyOrigins = (origin: string) => Promise<boolean>;

/** Old enough to be read again. A browser remembers a preflight longer. */
const FRESH_MS = 5_000;

const LIST_SQL = `select allowed_origins from access_keys
  where allowed_origins is not null and revoked_at is null and disabled_at is null and replaced_by is null
    and (expires_at is null or expires_at > ?1)`;

const originsSchema = z.array(z.string());

/**
 * A preflight carries no key, so it is answered by what any key allows; the request after it is held to its own key.
 * At most one read in five seconds: while one request reads, the others go by what is known.
 */
export function createKeyOrigins(parts: { database: Database; clock: Clock; logger: Logger }): KeyOrigins {
  const { database, clock, logger } = parts;
  let known: ReadonlySet<string> | undefined;
  let readAtMs = 0;

  async function read(): Promise<ReadonlySet<string>> {
    const rows = await database.read(LIST_SQL, [clock.now()]);
    return new Set(
      rows.flatMap(({ allowed_origins: text }) => originsSchema.parse(JSON.parse(String(text)))),
    );
  }

  return async (origin) => {
    const nowMs = clock.now();
    if (known !== undefined && nowMs < readAtMs + FRESH_MS) return known.has(origin);
    readAtMs = nowMs;
    try {
      known = await read();
    } catch (error) {
      logger.warn('access_key.origins_unread', { error: describeError(error) });
    }
    return known?.has(origin) ?? false;
  };
}
