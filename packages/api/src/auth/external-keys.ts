import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors } from 'jose';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';

import type { Clock } from '../context.ts';

export type ExternalKeysOptions = {
  jwksUrl: string;
  clock: Clock;
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
};

/** Between two looks for a key that is not there, and after a look that failed. */
const COOL_DOWN_MS = 30_000;
const TIMEOUT_MS = 5_000;
const FRESH_MS = 600_000;
/** For how long an issuer's users may go on while its key server is away. */
const USABLE_MS = 3_600_000;

/** What says that the token is wrong, not that its keys cannot be had. */
function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

/**
 * An issuer's keys, fetched from the configured address alone: again after ten minutes, and for an unknown key at most
 * every half minute. While the address is away the last ones go on for an hour.
 */
export function createExternalKeys({ jwksUrl, clock, fetch }: ExternalKeysOptions): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(jwksUrl), {
    cooldownDuration: COOL_DOWN_MS,
    timeoutDuration: TIMEOUT_MS,
    cacheMaxAge: FRESH_MS,
    ...(fetch === undefined ? {} : { [customFetch]: fetch }),
  });
  let last: { jwks: JSONWebKeySet; atMs: number } | null = null;
  let awayUntilMs = 0;

  function findLast(): JWTVerifyGetKey | null {
    return last === null || clock.now() - last.atMs > USABLE_MS ? null : createLocalJWKSet(last.jwks);
  }

  return async (header, token) => {
    const known = findLast();
    if (known !== null && clock.now() < awayUntilMs) return await known(header, token);
    try {
      const key = await remote(header, token);
      const jwks = remote.jwks();
      if (jwks !== undefined && remote.fresh) last = { jwks, atMs: clock.now() };
      return key;
    } catch (error) {
      if (isAboutToken(error) || known === null) throw error;
      awayUntilMs = clock.now() + COOL_DOWN_MS;
      return await known(header, token);
    }
  };
}
