import type { Database } from '@ephemera/db';

import type { FindAccessKey, RequestFacts } from '../auth/actor-resolver.ts';
import { RefusedCallerError } from '../auth/refused-caller.ts';
import { createBoundedCache } from '../bounded-cache.ts';
import type { AccessKeyActor, Clock, Logger } from '../context.ts';
import { AppError, describeError } from '../errors.ts';
import type { Hmac } from '../hmac.ts';
import { parseAccessKey } from './format.ts';
import type { FoundKey } from './read-key.ts';
import { readKeyByHash } from './read-key.ts';
import type { AccessKeyState } from './state.ts';

export type AccessKeyFinderOptions = {
  database: Database;
  clock: Clock;
  logger: Logger;
  hash: Hmac;
  /** Whether a test key may be used here: not where each mint costs money. */
  acceptsTestKeys: boolean;
};

/** So long an unknown key stays unknown, so that repeating one costs no read each. */
const UNKNOWN_MS = 1_000;
const MAX_UNKNOWN = 10_000;
/** Of keys that are accepted; hashing costs a turn of the crypto threads. */
const MAX_DIGESTS = 1_000;
const TOUCH_MS = 60_000;
const MAX_TOUCHED = 10_000;

const TOUCH_SQL = `update access_keys set last_used_at = ?1, last_used_prefix = ?2
  where id = ?3 and (last_used_at is null or last_used_at <= ?1 - ${TOUCH_MS})`;

const UNKNOWN = 'This access key is not valid.';

const REFUSALS: Readonly<Record<Exclude<AccessKeyState, 'active' | 'grace'>, string>> = {
  revoked: 'This access key was revoked.',
  disabled: 'This access key is disabled.',
  replaced: 'This access key was replaced by another one.',
  expired: 'This access key has expired.',
};

/** A list of origins is for pages: with one set, a caller that names none is no page, and is refused as well. */
function requireOrigin(actor: AccessKeyActor, origin: string | null): void {
  const { allowedOrigins } = actor;
  if (allowedOrigins === null || (origin !== null && allowedOrigins.includes(origin))) return;
  throw new RefusedCallerError(
    actor,
    'origin_not_allowed',
    origin === null
      ? 'This access key is for web pages of certain origins, and this request names none.'
      : 'This access key may not be used from this origin.',
  );
}

function requireAccepted({ state, actor }: FoundKey, options: AccessKeyFinderOptions): void {
  if (state !== 'active' && state !== 'grace') {
    throw new RefusedCallerError(actor, 'unauthenticated', REFUSALS[state]);
  }
  if (actor.environment === 'test' && !options.acceptsTestKeys) {
    throw new RefusedCallerError(
      actor,
      'forbidden',
      'This is a test key, and here every mint reaches the real provider: use a live key.',
    );
  }
}

/** Notes a key's last use about once a minute, beside the request that used it. */
function createTouch({ database, clock, logger }: AccessKeyFinderOptions) {
  const touched = createBoundedCache<number>(MAX_TOUCHED);

  async function write(rowId: string, ipPrefix: string | null): Promise<void> {
    try {
      await database.write({ sql: TOUCH_SQL, args: [clock.now(), ipPrefix, rowId] });
    } catch (error) {
      // Not noted, so the next request tries again.
      touched.delete(rowId);
      logger.warn('access_key.touch_failed', { keyId: rowId, error: describeError(error) });
    }
  }

  return ({ rowId, lastUsedAtMs }: FoundKey, { ipPrefix, waitUntil }: RequestFacts): void => {
    const lastMs = Math.max(lastUsedAtMs ?? 0, touched.get(rowId) ?? 0);
    if (clock.now() < lastMs + TOUCH_MS) return;
    touched.set(rowId, clock.now());
    const written = write(rowId, ipPrefix);
    waitUntil?.(written);
  };
}

/**
 * Finds the key that a caller shows. Its row is read at each request, so that a revocation counts at once in every
 * process; only that a key is unknown is remembered, for a second.
 */
export function createAccessKeyFinder(options: AccessKeyFinderOptions): FindAccessKey {
  const { database, clock, hash } = options;
  const unknownUntil = createBoundedCache<number>(MAX_UNKNOWN);
  const digests = createBoundedCache<string>(MAX_DIGESTS);
  const touch = createTouch(options);

  async function read(secret: string): Promise<FoundKey> {
    const digest = digests.get(secret) ?? (await hash(secret));
    const nowMs = clock.now();
    if ((unknownUntil.get(digest) ?? 0) > nowMs) throw new AppError('unauthenticated', UNKNOWN);
    const found = await readKeyByHash(database, digest, nowMs);
    if (found === null) {
      unknownUntil.set(digest, nowMs + UNKNOWN_MS);
      throw new AppError('unauthenticated', UNKNOWN);
    }
    requireAccepted(found, options);
    digests.set(secret, digest);
    return found;
  }

  return async (secret, facts) => {
    if (parseAccessKey(secret) === null) throw new AppError('unauthenticated', UNKNOWN);
    const found = await read(secret);
    requireOrigin(found.actor, facts.origin);
    touch(found, facts);
    return found.actor;
  };
}
