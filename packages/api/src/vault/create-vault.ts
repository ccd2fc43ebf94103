import {
  DATA_KEY_BYTES,
  encodeContext,
  FORMAT,
  formatEnvelope,
  IV_BYTES,
  parseEnvelope,
} from './envelope.ts';
import type { Envelope, WrappedKey } from './envelope.ts';
import type { Keyring } from './keyring.ts';
import { VaultError } from './vault-error.ts';

/** The row that a ciphertext belongs to: in any other it does not open. */
export type VaultRow = { id: string; provider: string };
export type Sealed = { ciphertext: string; kekVersion: number };

/**
 * Envelope encryption: each secret under a data key of its own, each data key under the newest key-encryption key.
 * Known limit: an older ciphertext of the same row opens, to the same secret, since the secret of a row never changes
 * (rotation makes a new row) and only its wrapping does.
 */
export type Vault = {
  readonly versions: readonly number[];
  readonly newestVersion: number;
  seal: (input: VaultRow & { secret: string }) => Promise<Sealed>;
  /** Throws `VaultError`; never returns anything but what was sealed. */
  open: (input: VaultRow & { ciphertext: string }) => Promise<string>;
  /** The same secret under the newest version, without ever being in plain. */
  rewrap: (input: VaultRow & { ciphertext: string }) => Promise<Sealed>;
};

export type VaultOptions = {
  keyring: Keyring;
  randomBytes?: (length: number) => Uint8Array<ArrayBuffer>;
  /** Per key-encryption key and process. */
  maxWraps?: number;
};

type Bytes = Uint8Array<ArrayBuffer>;

/** NIST SP 800-38D 8.3: with random 96-bit IVs a key encrypts at most 2^32 times. */
const MAX_WRAPS = 2 ** 32 - 1;
const TABLE = 'provider_keys';

function drawRandomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

function describeWrap({ id, provider }: VaultRow, kekVersion: number): Bytes {
  return encodeContext([TABLE, FORMAT, 'data-key', id, provider, String(kekVersion)]);
}

function describeSecret({ id, provider }: VaultRow): Bytes {
  return encodeContext([TABLE, FORMAT, 'secret', id, provider]);
}

function damaged(row: VaultRow, about: { version: number | null; isKeyringProven?: boolean }): VaultError {
  const under = about.version === null ? '' : ` under key version ${about.version}`;
  return new VaultError('damaged', `The ciphertext of ${row.id}${under} does not open.`, about);
}

/** Null where it does not authenticate; why, WebCrypto does not tell, and nobody may know. */
async function decrypt(key: CryptoKey, params: AesGcmParams, data: Bytes): Promise<Bytes | null> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(params, key, data));
  } catch {
    return null;
  }
}

async function encrypt(key: CryptoKey, params: AesGcmParams, data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt(params, key, data));
}

function toParams(iv: Bytes, additionalData: Bytes): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData };
}

async function importDataKey(bytes: Bytes): Promise<CryptoKey> {
  return await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

type Wrapper = {
  wrap: (row: VaultRow, dataKey: Bytes) => Promise<WrappedKey>;
  unwrap: (row: VaultRow, envelope: Envelope) => Promise<Bytes>;
};

function createWrapper({ keyring, randomBytes = drawRandomBytes, maxWraps }: VaultOptions): Wrapper {
  let wraps = 0;

  async function getKek(row: VaultRow, version: number): Promise<CryptoKey> {
    const key = await keyring.importKey(version);
    if (key !== null) return key;
    const message = `The ciphertext of ${row.id} is under key version ${version}, which the keyring does not have.`;
    throw new VaultError('unknown_version', message, { version });
  }

  return {
    wrap: async (row, dataKey) => {
      const kekVersion = keyring.newestVersion;
      // Counted before the first wait: concurrent callers must not pass the bound together.
      if (wraps >= (maxWraps ?? MAX_WRAPS))
        throw new VaultError(
          'version_used_up',
          `Key version ${kekVersion} has wrapped all it may: add a newer one.`,
          { version: kekVersion },
        );
      wraps += 1;
      const kek = await getKek(row, kekVersion);
      const wrapIv = randomBytes(IV_BYTES);
      const wrappedKey = await encrypt(kek, toParams(wrapIv, describeWrap(row, kekVersion)), dataKey);
      return { kekVersion, wrapIv, wrappedKey };
    },
    unwrap: async (row, { kekVersion, wrapIv, wrappedKey }) => {
      const kek = await getKek(row, kekVersion);
      const dataKey = await decrypt(kek, toParams(wrapIv, describeWrap(row, kekVersion)), wrappedKey);
      if (dataKey === null) throw damaged(row, { version: kekVersion });
      return dataKey;
    },
  };
}

function readEnvelope({ ciphertext, ...row }: VaultRow & { ciphertext: string }): Envelope {
  const envelope = parseEnvelope(ciphertext);
  if (envelope === null) throw damaged(row, { version: null });
  return envelope;
}

export function createVault(options: VaultOptions): Vault {
  const { keyring, randomBytes = drawRandomBytes } = options;
  const { wrap, unwrap } = createWrapper(options);

  return {
    versions: keyring.versions,
    newestVersion: keyring.newestVersion,
    seal: async ({ id, provider, secret }) => {
      const row = { id, provider };
      const dataKey = randomBytes(DATA_KEY_BYTES);
      const iv = randomBytes(IV_BYTES);
      const plain = new TextEncoder().encode(secret);
      const sealed = await encrypt(await importDataKey(dataKey), toParams(iv, describeSecret(row)), plain);
      const wrapped = await wrap(row, dataKey);
      dataKey.fill(0);
      return {
        ciphertext: formatEnvelope({ ...wrapped, iv, sealed }),
        kekVersion: wrapped.kekVersion,
      };
    },
    open: async ({ id, provider, ciphertext }) => {
      const row = { id, provider };
      const envelope = readEnvelope({ ...row, ciphertext });
      const dataKey = await importDataKey(await unwrap(row, envelope));
      const plain = await decrypt(dataKey, toParams(envelope.iv, describeSecret(row)), envelope.sealed);
      if (plain === null) throw damaged(row, { version: envelope.kekVersion, isKeyringProven: true });
      // With its byte order mark, should it have one: what comes out is what went in.
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(plain);
    },
    rewrap: async ({ id, provider, ciphertext }) => {
      const row = { id, provider };
      const envelope = readEnvelope({ ...row, ciphertext });
      const dataKey = await unwrap(row, envelope);
      const wrapped = await wrap(row, dataKey);
      dataKey.fill(0);
      return {
        ciphertext: formatEnvelope({ ...envelope, ...wrapped }),
        kekVersion: wrapped.kekVersion,
      };
    },
  };
}
