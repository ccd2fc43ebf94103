import type { Database } from '@ephemera/db';

import type { Clock, Logger } from '../context.ts';
import { describeError } from '../errors.ts';
import type { KeySecrets, OpenedRow } from '../providers/key-secrets.ts';
import { listBroken } from '../providers/key-secrets.ts';
import { readWithEnvironment } from './environment-rows.ts';
import type { KeyEntries } from './key-entries.ts';
import { readStoredKeys } from './load-keys.ts';
import type { StoredKey } from './load-keys.ts';
import type { KeySettler } from './settle-key.ts';

export type KeyReaderOptions = {
  database: Database;
  clock: Clock;
  logger: Logger;
  keySecrets: KeySecrets;
};

export type KeyReaderParts = { provider: string; entries: KeyEntries; settler: KeySettler };

/** Brings the entries to what the rows say now. Answers the number of the look, or null where a later one was faster. */
export type KeyReader = { read: () => Promise<number | null>; readonly started: () => number };

export function createKeyReader(
  options: KeyReaderOptions,
  { provider, entries, settler }: KeyReaderParts,
): KeyReader {
  const { clock, logger, database, keySecrets } = options;
  let started = 0;
  let applied = 0;

  async function openAll(): Promise<OpenedRow<StoredKey>[]> {
    const read = () => readStoredKeys(database, provider, clock.now());
    const rows = await readWithEnvironment(options, { provider, read });
    return await Promise.all(rows.map(async (row) => ({ row, opened: await keySecrets.open(row) })));
  }

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
      const all = await openAll();
      if (number < applied) return null;
      applied = number;
      entries.apply(all, mark, clock.now());
      for (const row of listBroken(all)) await quarantine(row);
      return number;
    },
  };
}
