import { parseBase64 } from './base64.ts';

/**
 * The versions of the key-encryption key. The material is reachable by a call only, so that a keyring that ends up in a
 * log or in JSON shows its versions and nothing else.
 */
export type Keyring = {
  /** Newest first. */
  readonly versions: readonly number[];
  readonly newestVersion: number;
  /** Null for a version that the keyring does not have. */
  readonly importKey: (version: number) => Promise<CryptoKey | null>;
};

/** Says which entry is bad and why; an entry is named by its place or version, never by its text. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError';
}

type Entry = { version: number; material: Uint8Array<ArrayBuffer> };

const KEY_BYTES = 32;
const VERSION = /^[1-9]\d{0,8}$/;

function parseEntry(text: string, index: number): Entry {
  const at = text.indexOf(':');
  const versionText = text.slice(0, Math.max(at, 0)).trim();
  if (!VERSION.test(versionText))
    throw new KeyringError(`entry ${index + 1} does not begin with a version (1, 2, …) and a colon`);
  const material = parseBase64(text.slice(at + 1).trim());
  if (material === null) throw new KeyringError(`the key of version ${versionText} is not base64`);
  if (material.length !== KEY_BYTES)
    throw new KeyringError(
      `the key of version ${versionText} has ${material.length} bytes, not ${KEY_BYTES}`,
    );
  return { version: Number(versionText), material };
}

function isSame(one: Entry, other: Entry): boolean {
  return one.material.every((byte, index) => byte === other.material[index]);
}

/** What is refused would pass for a rotation that took place, or count the seals of one key twice. */
function refuseRepeats(entries: readonly Entry[]): void {
  for (const [index, entry] of entries.entries()) {
    for (const earlier of entries.slice(0, index)) {
      if (earlier.version === entry.version)
        throw new KeyringError(`version ${entry.version} is given twice`);
      if (isSame(earlier, entry))
        throw new KeyringError(`versions ${earlier.version} and ${entry.version} are the same key`);
    }
  }
}

/** Reads `2:<base64 of 32 bytes>,1:<…>`, in any order. Throws a `KeyringError` that names what is bad. */
export function parseKeyring(text: string): Keyring {
  const entries = text.split(',').map(parseEntry);
  refuseRepeats(entries);
  const versions = entries.map(({ version }) => version).toSorted((one, other) => other - one);
  // Values, not promises: on Workers a promise dies with the request that made it.
  const imported = new Map<number, CryptoKey>();
  return {
    versions,
    newestVersion: Math.max(...versions),
    importKey: async (version) => {
      const known = imported.get(version);
      if (known !== undefined) return known;
      const entry = entries.find((one) => one.version === version);
      if (entry === undefined) return null;
      const key = await crypto.subtle.importKey('raw', entry.material, 'AES-GCM', false, [
        'encrypt',
        'decrypt',
      ]);
      imported.set(version, key);
      return key;
    },
  };
}
