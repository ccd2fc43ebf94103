import type { Logger } from '../context.ts';
import type { Vault } from '../vault/create-vault.ts';
import type { NamedEnvironmentKey, Opened, StoredKey } from './load-keys.ts';
import { openSecret } from './load-keys.ts';

type Cached = { ciphertext: string; opened: Opened };

export type OpenedKeys = {
  /** By id; a key that is not in here cannot be used by this process. */
  secrets: ReadonlyMap<string, string>;
  /** Rows whose ciphertext is broken, and not the keyring. */
  damaged: readonly StoredKey[];
};

export type SecretCache = {
  open: (rows: readonly StoredKey[], environment: readonly NamedEnvironmentKey[]) => Promise<OpenedKeys>;
};

export type SecretCacheOptions = { provider: string; vault: Vault | null; logger: Logger };

/** Where nothing of a version opens, and it is not surely the row, our keyring is wrong: the rows must not pay for it. */
function findDamaged(rows: readonly StoredKey[], cache: ReadonlyMap<string, Cached>): StoredKey[] {
  const openedOf = (row: StoredKey) => cache.get(row.id)?.opened;
  const sound = new Set(
    rows.filter((row) => openedOf(row)?.kind === 'open').map(({ kekVersion }) => kekVersion),
  );
  return rows.filter((row) => {
    const opened = openedOf(row);
    return opened?.kind === 'damaged' && (opened.isCertain || sound.has(row.kekVersion));
  });
}

/** Secrets in memory, so that a mint decrypts nothing. A ciphertext is tried once, whether it opens or not. */
export function createSecretCache({ provider, vault, logger }: SecretCacheOptions): SecretCache {
  let cache: ReadonlyMap<string, Cached> = new Map();

  async function open(row: StoredKey, ciphertext: string): Promise<Opened> {
    const known = cache.get(row.id);
    if (known?.ciphertext === ciphertext) return known.opened;
    if (vault === null) return { kind: 'locked' };
    const { id: keyId, kekVersion } = row;
    const opened = await openSecret(vault, { id: keyId, provider, ciphertext, kekVersion });
    if (opened.kind === 'open') return opened;
    logger.error('provider_key.does_not_open', { keyId, kekVersion, outcome: opened.kind });
    // Wrapped again under a version that this process does not have: the secret of a row stays the same one.
    return opened.kind === 'locked' && known?.opened.kind === 'open' ? known.opened : opened;
  }

  return {
    open: async (rows, environment) => {
      const secrets = new Map<string, string>();
      const next = new Map<string, Cached>();
      const fromEnvironment = new Map(environment.map(({ fingerprint, secret }) => [fingerprint, secret]));
      const openRow = async (row: StoredKey): Promise<void> => {
        const secret = fromEnvironment.get(row.fingerprint);
        if (secret !== undefined) secrets.set(row.id, secret);
        if (secret !== undefined || row.ciphertext === null) return;
        const opened = await open(row, row.ciphertext);
        next.set(row.id, { ciphertext: row.ciphertext, opened });
        if (opened.kind === 'open') secrets.set(row.id, opened.secret);
      };
      await Promise.all(rows.map(openRow));
      cache = next;
      return { secrets, damaged: findDamaged(rows, next) };
    },
  };
}
