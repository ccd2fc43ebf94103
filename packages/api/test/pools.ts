import type { KeyPool, Picked } from '../src/pool/key-pool.ts';
import { createKeyPool } from '../src/pool/create-key-pool.ts';
import type { EnvironmentKey } from '../src/providers/key-secrets.ts';
import { createKeySecrets } from '../src/providers/key-secrets.ts';
import { createToken } from '../src/services/tokens/create.ts';
import { createVault } from '../src/vault/create-vault.ts';
import { parseKeyring } from '../src/vault/keyring.ts';
import { ADA } from './fixtures.ts';
import type { PoolApi } from './keyed-upstream.ts';

export const A = 'sk-CANARY-aaaaaaaaaaaaaaaaaaaa';
export const B = 'sk-CANARY-bbbbbbbbbbbbbbbbbbbb';
export const C = 'sk-CANARY-cccccccccccccccccccc';
export const NOTHING_TRIED = { exclude: [] };

export async function mint(api: PoolApi): Promise<unknown> {
  return await createToken(api.as(ADA), {}).catch((error: unknown) => error);
}

/** Another process over the same database: with the same keyring, unless told, and with no keys in its environment. */
export function createSecondPool(
  api: PoolApi,
  {
    keyring,
    environmentKeys = [],
  }: { keyring?: string | null; environmentKeys?: readonly EnvironmentKey[] } = {},
): KeyPool {
  const { database, clock, logger, ids, keyFingerprint: fingerprint, vault: same } = api.dependencies;
  const other = keyring == null ? null : createVault({ keyring: parseKeyring(keyring) });
  const vault = keyring === undefined ? same : other;
  const keySecrets = createKeySecrets({ vault, environmentKeys, fingerprint, logger });
  return createKeyPool({ database, clock, logger, ids, keySecrets });
}

export async function pick(pool: KeyPool): Promise<Picked> {
  const picked = await pool.acquire('openai', NOTHING_TRIED);
  if (picked.kind === 'none') throw new Error('nothing to pick');
  return picked;
}

export async function readStates(api: PoolApi): Promise<unknown[]> {
  const rows = await api.database.read('select state from provider_keys order by id');
  return rows.map((row) => row['state']);
}
