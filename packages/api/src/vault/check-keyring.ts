import type { Database } from '@ephemera/db';

import type { Vault } from './create-vault.ts';
import { judgeFailure, VaultError } from './vault-error.ts';

export type KeyringProblem = {
  version: number;
  /** `does_not_open`: the keyring has the version, but with other material than the rows were sealed with. */
  code: 'unknown_version' | 'does_not_open';
  rows: number;
};

export type KeyringCheck = { ok: true } | { ok: false; problems: readonly KeyringProblem[] };

/** A row that was found damaged tells nothing about the keyring: not even the right one opens it. */
const IS_TELLING = "ciphertext is not null and not (state = 'quarantined' and state_reason is 'damaged')";
const COUNT_VERSIONS = `select kek_version, count(*) as stored from provider_keys
  where ${IS_TELLING} group by kek_version order by kek_version`;
/** One that opens is enough; that many of one version cannot all have been damaged one by one. */
const SAMPLE = `select id, provider, ciphertext from provider_keys
  where kek_version = ?1 and ${IS_TELLING} order by id limit 100`;

/** Also where nothing opens and each row is to blame for it by itself. */
async function fits(database: Database, vault: Vault, version: number): Promise<boolean> {
  let isRefuted = false;
  for (const row of await database.read(SAMPLE, [version])) {
    try {
      await vault.open({
        id: String(row['id']),
        provider: String(row['provider']),
        ciphertext: String(row['ciphertext']),
      });
      return true;
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      const failure = judgeFailure(error, version);
      isRefuted ||= failure.kind === 'locked' || !failure.isCertain;
    }
  }
  return !isRefuted;
}

async function findProblem(
  database: Database,
  vault: Vault | null,
  version: number,
): Promise<KeyringProblem['code'] | null> {
  if (vault?.versions.includes(version) !== true) return 'unknown_version';
  return (await fits(database, vault, version)) ? null : 'does_not_open';
}

/**
 * Whether the keyring fits what is stored. Where it does not, the app must not serve: it would seal under a wrong key.
 * Known limit: while nothing else of a version opens, a row whose wrapped data key was damaged or moved looks like a
 * keyring with other material. It then counts as that, since the other mistake would take sound keys out for good: not
 * ready, nothing written, until the row is deleted or the keyring is mended.
 */
export async function checkKeyring(database: Database, vault: Vault | null): Promise<KeyringCheck> {
  const problems: KeyringProblem[] = [];
  for (const row of await database.read(COUNT_VERSIONS)) {
    const version = Number(row['kek_version']);
    const code = await findProblem(database, vault, version);
    if (code !== null) problems.push({ version, code, rows: Number(row['stored']) });
  }
  return problems.length === 0 ? { ok: true } : { ok: false, problems };
}
