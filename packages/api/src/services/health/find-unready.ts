import type { Database } from '@ephemera/db';
import { hasSchema } from '@ephemera/db';

import { checkKeyring } from '../../vault/check-keyring.ts';
import type { Vault } from '../../vault/create-vault.ts';

export type ReadinessCheck = 'database' | 'migrations' | 'keyring';

/** Names of the checks that failed; empty when this instance can serve. */
export type FindUnready = () => Promise<ReadinessCheck[]>;

/** A database that takes longer serves nobody; whoever asks for readiness is told in time to ask elsewhere. */
const PATIENCE_MS = 3_000;

async function answersInTime(asked: Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => {
    late.resolve(false);
  }, PATIENCE_MS);
  try {
    return await Promise.race([
      asked.then(
        () => true,
        () => false,
      ),
      late.promise,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** A database may answer and yet store nothing: its disk is full, or somebody holds it. Whoever can go elsewhere should. */
const LOSS_MS = 3_000;

/**
 * The schema is settled once it has been found to be there; the database itself, and whether the keyring fits what is
 * stored, is asked each time.
 */
export function createReadinessCheck(database: Database, vault: Vault | null): FindUnready {
  let isMigrated = false;

  return async () => {
    if (database.lossAgoMs() < LOSS_MS || !(await answersInTime(database.read('select 1'))))
      return ['database'];
    isMigrated ||= await hasSchema(database);
    if (!isMigrated) return ['migrations'];
    return (await checkKeyring(database, vault)).ok ? [] : ['keyring'];
  };
}
