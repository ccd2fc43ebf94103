import type { ProviderKeyRow } from '@ephemera/db';

import { createBoundedCache } from '../bounded-cache.ts';
import type { Vault } from '../vault/create-vault.ts';
import type { KeyFingerprint } from './key-fingerprint.ts';

/** A key that the environment names. It is a member of the pool, and its secret is stored nowhere. */
export type EnvironmentKey = { provider: string; secret: string };

export type NamedEnvironmentKey = EnvironmentKey & { fingerprint: string };

export type KeySecretRow = Pick<ProviderKeyRow, 'id' | 'provider' | 'source' | 'fingerprint' | 'ciphertext'>;

/** From a row to the key it stands for. */
export type KeySecrets = {
  /** Null for a key of the environment that is not set any more. Throws VaultError where the row does not open. */
  open: (row: KeySecretRow) => Promise<string | null>;
  /** The environment's keys with what their rows are found by. */
  listEnvironment: () => Promise<readonly NamedEnvironmentKey[]>;
};

export type KeySecretsOptions = {
  vault: Vault | null;
  environmentKeys: readonly EnvironmentKey[];
  fingerprint: KeyFingerprint;
};

const MAX_CACHED = 1_000;

/** Opens each row once: what is remembered goes by the ciphertext, so a changed row is opened anew. */
export function createKeySecrets({ vault, environmentKeys, fingerprint }: KeySecretsOptions): KeySecrets {
  const cache = createBoundedCache<string>(MAX_CACHED);

  // Values, not promises: on Workers a promise dies with the request that made it.
  let named: readonly NamedEnvironmentKey[] | undefined;

  async function listEnvironment(): Promise<readonly NamedEnvironmentKey[]> {
    named ??= await Promise.all(
      environmentKeys.map(async (key) => ({
        ...key,
        fingerprint: await fingerprint(key.provider, key.secret),
      })),
    );
    return named;
  }

  async function findInEnvironment(row: KeySecretRow): Promise<string | null> {
    const isSame = (key: NamedEnvironmentKey): boolean =>
      key.provider === row.provider && key.fingerprint === row.fingerprint;
    return (await listEnvironment()).find(isSame)?.secret ?? null;
  }

  return {
    listEnvironment,
    open: async (row) => {
      const cacheKey = `${row.id} ${row.ciphertext ?? row.fingerprint}`;
      const known = cache.get(cacheKey);
      if (known !== undefined) return known;
      const secret =
        row.ciphertext === null
          ? await findInEnvironment(row)
          : ((await vault?.open({ id: row.id, provider: row.provider, ciphertext: row.ciphertext })) ?? null);
      if (secret !== null) cache.set(cacheKey, secret);
      return secret;
    },
  };
}
