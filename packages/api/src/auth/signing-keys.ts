import { jwks } from '@ephemera/db';
import type { Database } from '@ephemera/db';
import { importJWK } from 'jose';
import * as z from 'zod';

import type { Clock } from '../context.ts';

type VerificationKey = { key: CryptoKey; alg: string };

export type SigningKeys = {
  /** The key by its id, or null. An unknown id reloads the keys at most every 30 s. */
  find: (kid: string) => Promise<VerificationKey | null>;
};

const RELOAD_UNKNOWN_MS = 30_000;
/** The first key is made at the first sign-in, which may be a moment after the first question. */
const RELOAD_EMPTY_MS = 1_000;
/** So that a key that was removed stops counting. */
const RELOAD_ALL_MS = 60_000;

const publicJwkSchema = z.looseObject({ kty: z.string() });

async function importRow(row: { publicKey: string; alg: string | null }): Promise<VerificationKey | null> {
  const alg = row.alg ?? 'EdDSA';
  const key = await importJWK(publicJwkSchema.parse(JSON.parse(row.publicKey)), alg);
  return key instanceof Uint8Array ? null : { key, alg };
}

async function loadKeys(database: Database, nowMs: number): Promise<Map<string, VerificationKey>> {
  const { id, publicKey, alg, expiresAt } = jwks;
  const rows = await database.orm.select({ id, publicKey, alg, expiresAt }).from(jwks);
  const keys = new Map<string, VerificationKey>();
  for (const row of rows) {
    // A token outlives the key that signed it by at most an hour; after that the key proves nothing.
    if (row.expiresAt !== null && row.expiresAt.getTime() + 3_600_000 < nowMs) continue;
    const key = await importRow(row);
    if (key !== null) keys.set(row.id, key);
  }
  return keys;
}

/** The built-in issuer's public keys, from the database. */
export function createSigningKeys(database: Database, clock: Clock): SigningKeys {
  let keys = new Map<string, VerificationKey>();
  let loadedAt = Number.NEGATIVE_INFINITY;

  function findPatience(kid: string): number {
    if (keys.size === 0) return RELOAD_EMPTY_MS;
    return keys.has(kid) ? RELOAD_ALL_MS : RELOAD_UNKNOWN_MS;
  }

  async function reload(): Promise<void> {
    const now = clock.now();
    keys = await loadKeys(database, now);
    loadedAt = now;
  }

  return {
    find: async (kid) => {
      if (clock.now() - loadedAt >= findPatience(kid)) await reload();
      return keys.get(kid) ?? null;
    },
  };
}
