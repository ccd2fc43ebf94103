import type { ProviderKeyRow } from '@ephemera/db';

import { createBoundedCache } from '../bounded-cache.ts';
import type { Logger } from '../context.ts';
import type { Vault } from '../vault/create-vault.ts';
import type { OpenFailure } from '../vault/vault-error.ts';
import { judgeFailure, VaultError } from '../vault/vault-error.ts';
import type { KeyFingerprint } from './key-fingerprint.ts';

/** A key that the environment names. It is a member of the pool, and its secret is stored nowhere. */
export type EnvironmentKey = { provider: string; secret: string };

export type NamedEnvironmentKey = EnvironmentKey & { fingerprint: string };

export type KeySecretRow = Pick<
  ProviderKeyRow,
  'id' | 'provider' | 'fingerprint' | 'ciphertext' | 'kekVersion'
>;

/** What there is to have of a row. `missing`: a key of the environment that is not set any more. */
export type OpenedKey = { kind: 'open'; secret: string } | { kind: 'missing' } | OpenFailure;

export type OpenedRow<Row> = { row: Row; opened: OpenedKey };

/** From a row to the key it stands for. */
export type KeySecrets = {
  open: (row: KeySecretRow) => Promise<OpenedKey>;
  /** The environment's keys with what their rows are found by. */
  listEnvironment: () => Promise<readonly NamedEnvironmentKey[]>;
};

export type KeySecretsOptions = {
  /** Null without a keyring: then only the environment's keys can be used. */
  vault: Vault | null;
  environmentKeys: readonly EnvironmentKey[];
  fingerprint: KeyFingerprint;
  logger: Logger;
};

type Cached = Pick<KeySecretRow, 'ciphertext' | 'kekVersion'> & { opened: OpenedKey };

const MAX_CACHED = 1_000;

/** Secrets in memory, so that a mint decrypts nothing. A ciphertext is tried once, whether it opens or not. */
export function createKeySecrets({
  vault,
  environmentKeys,
  fingerprint,
  logger,
}: KeySecretsOptions): KeySecrets {
  const cache = createBoundedCache<Cached>(MAX_CACHED);
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

  async function decrypt(row: KeySecretRow, ciphertext: string): Promise<OpenedKey> {
    if (vault === null) return { kind: 'locked' };
    const { id, provider, kekVersion } = row;
    try {
      return { kind: 'open', secret: await vault.open({ id, provider, ciphertext }) };
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      const { code, version } = error;
      logger.error('provider_key.does_not_open', { keyId: id, code, version });
      return judgeFailure(error, kekVersion);
    }
  }

  async function openStored(row: KeySecretRow, ciphertext: string): Promise<OpenedKey> {
    const { id, kekVersion } = row;
    const known = cache.get(id);
    if (known?.ciphertext === ciphertext && known.kekVersion === kekVersion) return known.opened;
    const fresh = await decrypt(row, ciphertext);
    // Wrapped again under a version that this process does not have: the secret of a row stays the same one.
    const opened = fresh.kind === 'locked' && known?.opened.kind === 'open' ? known.opened : fresh;
    cache.set(id, { ciphertext, kekVersion, opened });
    return opened;
  }

  return {
    listEnvironment,
    open: async (row) => {
      const isSame = (key: NamedEnvironmentKey): boolean =>
        key.fingerprint === row.fingerprint && key.provider === row.provider;
      const own = (await listEnvironment()).find(isSame);
      if (own !== undefined) return { kind: 'open', secret: own.secret };
      return row.ciphertext === null ? { kind: 'missing' } : await openStored(row, row.ciphertext);
    },
  };
}

/**
 * Rows whose ciphertext is broken. Where nothing of a version opens, and it is not surely the row, our keyring is wrong:
 * the rows must not pay for it.
 */
export function listBroken<Row extends Pick<KeySecretRow, 'kekVersion'>>(
  all: readonly OpenedRow<Row>[],
): Row[] {
  const sound = new Set(all.filter(({ opened }) => opened.kind === 'open').map(({ row }) => row.kekVersion));
  const broken = all.filter(
    ({ row, opened }) => opened.kind === 'damaged' && (opened.isCertain || sound.has(row.kekVersion)),
  );
  return broken.map(({ row }) => row);
}
