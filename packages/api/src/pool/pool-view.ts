import type { Database } from '@ephemera/db';

import type { Clock, Logger } from '../context.ts';
import { AppError, describeError } from '../errors.ts';
import type { KeyFingerprint } from '../providers/key-fingerprint.ts';
import type { EnvironmentKey } from '../providers/key-secrets.ts';
import type { Vault } from '../vault/create-vault.ts';
import type { KeyEntries } from './key-entries.ts';
import type { AcquireOptions } from './key-pool.ts';
import { addEnvironmentKeyStatement, nameEnvironmentKeys, readStoredKeys } from './load-keys.ts';
import type { NamedEnvironmentKey, StoredKey } from './load-keys.ts';
import { createSecretCache } from './secret-cache.ts';
import type { KeySettler } from './settle-key.ts';

export type PoolViewOptions = {
  database: Database;
  clock: Clock;
  logger: Logger;
  /** Null without a keyring: then only the environment's keys can be used. */
  vault: Vault | null;
  environmentKeys: readonly EnvironmentKey[];
  fingerprint: KeyFingerprint;
};

type Parts = { provider: string; entries: KeyEntries; settler: KeySettler };

/** Looked at again after this, beside the requests. */
const STALE_MS = 1_000;
/** Nobody is served from a view older than this without a look: another process may have disabled a key. */
const TOO_OLD_MS = 10_000;
/** How long one caller is trusted to be looking, and how long all wait after a look that failed. */
const LEASE_MS = 2_000;

/** Reads the rows of a provider, and adds those of the environment's keys where they are missing. */
function createReader({ database, clock, fingerprint, ...options }: PoolViewOptions, provider: string) {
  const own = options.environmentKeys.filter((key) => key.provider === provider);
  // Values, not promises: on Workers a promise dies with the request that made it.
  let environment: readonly NamedEnvironmentKey[] | null = null;

  return async (): Promise<{ rows: StoredKey[]; environment: readonly NamedEnvironmentKey[] }> => {
    environment ??= await nameEnvironmentKeys(own, fingerprint);
    const rows = await readStoredKeys(database, provider, clock.now());
    const known = new Set(rows.map((row) => row.fingerprint));
    const missing = environment.filter((key) => !known.has(key.fingerprint));
    if (missing.length === 0) return { rows, environment };
    await database.writeAll(missing.map((key) => addEnvironmentKeyStatement(key, clock.now())));
    return { rows: await readStoredKeys(database, provider, clock.now()), environment };
  };
}

/** Keeps the entries as fresh as their rows, at no cost to a request that comes within a second of another. */
export type PoolView = {
  /** Null when the entries may be used at once; else what to wait for. Rejects where nothing could ever be read. */
  prepare: (waitUntil: AcquireOptions['waitUntil']) => Promise<void> | null;
  invalidate: () => void;
};

export function createPoolView(options: PoolViewOptions, { provider, entries, settler }: Parts): PoolView {
  const { clock, logger, database } = options;
  const readRows = createReader(options, provider);
  const secrets = createSecretCache({ provider, vault: options.vault, logger });
  let loadedAtMs: number | null = null;
  let leaseUntilMs = 0;
  let started = 0;
  let applied = 0;
  let validFrom = 0;

  async function quarantine({ id }: StoredKey): Promise<void> {
    const entry = entries.find(id);
    const found = entry === undefined ? null : settler.change(entry, { kind: 'damaged' });
    if (found === null) return;
    try {
      await database.writeAll(found.statements);
    } catch (error) {
      logger.error('provider_key.change_not_recorded', { keyId: id, error: describeError(error) });
    } finally {
      found.finish();
    }
  }

  async function refresh(): Promise<void> {
    started += 1;
    const number = started;
    const mark = entries.mark();
    const { rows, environment } = await readRows();
    const opened = await secrets.open(rows, environment);
    // A look that began earlier and took longer knows less.
    if (number < applied) return;
    applied = number;
    entries.apply({ rows, secrets: opened.secrets }, mark, clock.now());
    if (number > validFrom) loadedAtMs = clock.now();
    for (const row of opened.damaged) await quarantine(row);
  }

  async function load(): Promise<void> {
    try {
      await refresh();
    } catch (cause) {
      throw new AppError('unavailable', 'The provider keys cannot be read at the moment.', { cause });
    }
  }

  async function refreshQuietly(): Promise<void> {
    try {
      await refresh();
      leaseUntilMs = 0;
    } catch (error) {
      logger.warn('provider_keys.not_refreshed', { provider, error: describeError(error) });
    }
  }

  return {
    prepare: (waitUntil) => {
      const nowMs = clock.now();
      if (loadedAtMs === null && applied === 0) return load();
      const ageMs = loadedAtMs === null ? TOO_OLD_MS : Math.abs(nowMs - loadedAtMs);
      const isLeased = Math.abs(leaseUntilMs - nowMs) <= LEASE_MS && leaseUntilMs > nowMs;
      if (ageMs < STALE_MS || isLeased) return null;
      leaseUntilMs = nowMs + LEASE_MS;
      const work = refreshQuietly();
      if (ageMs >= TOO_OLD_MS) return work;
      waitUntil?.(work);
      return null;
    },
    invalidate: () => {
      validFrom = started;
      loadedAtMs = null;
      leaseUntilMs = 0;
    },
  };
}
