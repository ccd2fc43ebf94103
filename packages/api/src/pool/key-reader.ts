import type { Database } from '@ephemera/db';

import type { Clock, Logger } from '../context.ts';
import { describeError } from '../errors.ts';
import type { KeyFingerprint } from '../providers/key-fingerprint.ts';
import type { EnvironmentKey } from '../providers/key-secrets.ts';
import type { Vault } from '../vault/create-vault.ts';
import type { KeyEntries } from './key-entries.ts';
import { addEnvironmentKeyStatement, nameEnvironmentKeys, readStoredKeys } from './load-keys.ts';
import type { NamedEnvironmentKey, StoredKey } from './load-keys.ts';
import { createSecretCache } from './secret-cache.ts';
import type { KeySettler } from './settle-key.ts';

export type KeyReaderOptions = {
  database: Database;
  clock: Clock;
  logger: Logger;
  /** Null without a keyring: then only the environment's keys can be used. */
  vault: Vault | null;
  environmentKeys: readonly EnvironmentKey[];
  fingerprint: KeyFingerprint;
};

export type KeyReaderParts = { provider: string; entries: KeyEntries; settler: KeySettler };

/** Reads the rows of a provider, and adds those of the environment's keys where they are missing. */
function createRowReader({ database, clock, fingerprint, ...options }: KeyReaderOptions, provider: string) {
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

/** Brings the entries to what the rows say now. Answers the number of the look, or null where a later one was faster. */
export type KeyReader = { read: () => Promise<number | null>; readonly started: () => number };

export function createKeyReader(
  options: KeyReaderOptions,
  { provider, entries, settler }: KeyReaderParts,
): KeyReader {
  const { clock, logger, database } = options;
  const readRows = createRowReader(options, provider);
  const secrets = createSecretCache({ provider, vault: options.vault, logger });
  let started = 0;
  let applied = 0;

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

  return {
    started: () => started,
    read: async () => {
      started += 1;
      const number = started;
      const mark = entries.mark();
      const { rows, environment } = await readRows();
      const opened = await secrets.open(rows, environment);
      if (number < applied) return null;
      applied = number;
      entries.apply({ rows, secrets: opened.secrets }, mark, clock.now());
      for (const row of opened.damaged) await quarantine(row);
      return number;
    },
  };
}
