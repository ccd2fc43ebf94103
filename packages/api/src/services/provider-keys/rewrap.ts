import type { Database, SqlRow } from '@ephemera/db';

import { auditStatement } from '../../audit/record.ts';
import type { AuditContext } from '../../audit/record.ts';
import type { Sealed, Vault } from '../../vault/create-vault.ts';
import { VaultError } from '../../vault/vault-error.ts';
import type { VaultErrorCode } from '../../vault/vault-error.ts';

export type RewrapContext = AuditContext & { database: Database; vault: Vault };

export type RewrapFailure = { id: string; code: VaultErrorCode };
export type RewrapOutcome = {
  rewrapped: number;
  /** Rows under an older version, those that failed among them. At 0 the older versions can leave the keyring. */
  remaining: number;
  failed: readonly RewrapFailure[];
};

const PAGE = 50;
const OUTDATED = 'ciphertext is not null and kek_version <> ?1';
const LIST = `select id, provider, ciphertext, kek_version from provider_keys
  where ${OUTDATED} and id > ?2 order by id limit ${PAGE}`;
const COUNT = `select count(*) as stored from provider_keys where ${OUTDATED}`;
/** Only over the ciphertext that was read: two jobs at once, or a deletion, must not be undone. */
const REPLACE =
  'update provider_keys set ciphertext = ?1, kek_version = ?2 where id = ?3 and ciphertext = ?4';

type OutdatedRow = { id: string; provider: string; ciphertext: string; kekVersion: number };

function toOutdatedRow(row: SqlRow): OutdatedRow {
  return {
    id: String(row['id']),
    provider: String(row['provider']),
    ciphertext: String(row['ciphertext']),
    kekVersion: Number(row['kek_version']),
  };
}

async function rewrapOrExplain(vault: Vault, row: OutdatedRow): Promise<Sealed | VaultError> {
  try {
    return await vault.rewrap(row);
  } catch (error) {
    if (error instanceof VaultError) return error;
    throw error;
  }
}

/** True when the row is now under the newest version by our doing. A row that does not open is left as it is. */
async function rewrapRow(ctx: RewrapContext, row: OutdatedRow): Promise<boolean | RewrapFailure> {
  const { id, kekVersion } = row;
  const result = await rewrapOrExplain(ctx.vault, row);
  const entry = { action: 'provider_key.rewrap', target: id } as const;
  if (result instanceof VaultError) {
    const details = { code: result.code, from: kekVersion };
    await ctx.database.write(auditStatement(ctx, { ...entry, result: 'failed', details }));
    return { id, code: result.code };
  }
  const details = { from: kekVersion, to: result.kekVersion };
  const [replaced] = await ctx.database.writeAll([
    { sql: REPLACE, args: [result.ciphertext, result.kekVersion, id, row.ciphertext] },
    auditStatement(ctx, { ...entry, result: 'ok', details, isConditional: true }),
  ]);
  return replaced?.rowsAffected === 1;
}

/**
 * Moves stored keys to the newest version of the keyring, at most `limit` of them, one row and one commit at a time: it
 * may be stopped anywhere, and to call it again is to go on. Rows that fail are passed over, so they stop nothing.
 */
export async function rewrapProviderKeys(
  ctx: RewrapContext,
  { limit }: { limit: number },
): Promise<RewrapOutcome> {
  const { newestVersion } = ctx.vault;
  const failed: RewrapFailure[] = [];
  let rewrapped = 0;
  let lastId = '';
  while (rewrapped < limit) {
    const rows = (await ctx.database.read(LIST, [newestVersion, lastId])).map(toOutdatedRow);
    for (const row of rows.slice(0, limit - rewrapped)) {
      lastId = row.id;
      const outcome = await rewrapRow(ctx, row);
      if (outcome === true) rewrapped += 1;
      else if (outcome !== false) failed.push(outcome);
    }
    if (rows.length === 0) break;
  }
  const [count] = await ctx.database.read(COUNT, [newestVersion]);
  return { rewrapped, remaining: Number(count?.['stored'] ?? 0), failed };
}
