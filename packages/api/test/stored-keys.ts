import type { Database } from '@ephemera/db';

import type { Vault } from '../src/vault/create-vault.ts';
import { createVault } from '../src/vault/create-vault.ts';
import { parseKeyring } from '../src/vault/keyring.ts';

/** An entry of KEYRING whose material is one byte repeated. */
export function kekEntry(version: number, byte: number): string {
  return `${version}:${Buffer.alloc(32, byte).toString('base64')}`;
}

export function createTestVault(...entries: readonly string[]): Vault {
  return createVault({ keyring: parseKeyring(entries.join(',')) });
}

export function secretOf(id: string): string {
  return `sk-CANARY-${id}-0123456789`;
}

const INSERT = `insert into provider_keys
  (id, provider, name, source, last_four, fingerprint, ciphertext, kek_version, state, state_since, created_at, created_by)
  values (?1, 'openai', ?1, 'stored', '6789', ?1, ?2, ?3, 'active', 0, 0, 'test')`;

/** Stores a key of provider `openai` for each id, sealed by `vault`. */
export async function storeKeys(database: Database, vault: Vault, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { ciphertext, kekVersion } = await vault.seal({ id, provider: 'openai', secret: secretOf(id) });
    await database.write({ sql: INSERT, args: [id, ciphertext, kekVersion] });
  }
}

export type StoredKey = { id: string; ciphertext: string; kekVersion: number };

export async function readKeys(database: Database): Promise<StoredKey[]> {
  const rows = await database.read('select id, ciphertext, kek_version from provider_keys order by id');
  return rows.map((row) => ({
    id: String(row['id']),
    ciphertext: String(row['ciphertext']),
    kekVersion: Number(row['kek_version']),
  }));
}

/** Opens every row, and throws where one does not hold its own secret. */
export async function openKeys(database: Database, vault: Vault): Promise<number> {
  const rows = await readKeys(database);
  for (const { id, ciphertext } of rows) {
    const secret = await vault.open({ id, provider: 'openai', ciphertext });
    if (secret !== secretOf(id)) throw new Error(`Row ${id} holds another secret.`);
  }
  return rows.length;
}
