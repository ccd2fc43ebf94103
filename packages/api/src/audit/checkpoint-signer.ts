/** What a checkpoint states: at this moment the entry with this number had this hash. */
export type CheckpointClaim = { seq: number; hash: string; at: string };

export type CheckpointSigner = {
  /** Ed25519 over `formatCheckpoint`, as base64url. */
  sign: (claim: CheckpointClaim) => Promise<string>;
  /** The 32 bytes of the public key as base64url: whoever keeps it can check every checkpoint, and forge none. */
  publicKey: () => Promise<string>;
};

const LABEL = 'audit-checkpoint';
/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_HEAD = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);

/** The signed text: four lines in UTF-8, each ended by a line feed. */
export function formatCheckpoint({ seq, hash, at }: CheckpointClaim): string {
  return `ephemera-${LABEL}\n${seq}\n${hash}\n${at}\n`;
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCodePoint(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

async function deriveSeed(secret: string): Promise<Uint8Array> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), 'HKDF', false, [
    'deriveBits',
  ]);
  const info = new TextEncoder().encode(LABEL);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, material, 256));
}

/**
 * A key of its own, derived from a secret that stands in no database: who can write to the database alone can neither
 * sign nor put another public key in its place, as they could with the keys of the user tokens.
 */
export function createCheckpointSigner(secret: string): CheckpointSigner {
  // The key, not its promise: on Workers a promise dies with the request that made it.
  let key: CryptoKey | undefined;

  async function getKey(): Promise<CryptoKey> {
    const seed = await deriveSeed(secret);
    key ??= await crypto.subtle.importKey(
      'pkcs8',
      Uint8Array.from([...PKCS8_HEAD, ...seed]),
      'Ed25519',
      true,
      ['sign'],
    );
    return key;
  }

  return {
    sign: async (claim) => {
      const text = new TextEncoder().encode(formatCheckpoint(claim));
      return toBase64Url(new Uint8Array(await crypto.subtle.sign('Ed25519', key ?? (await getKey()), text)));
    },
    publicKey: async () => {
      const jwk = await crypto.subtle.exportKey('jwk', key ?? (await getKey()));
      if (jwk.x === undefined) throw new TypeError('An Ed25519 key has a public part.');
      return jwk.x;
    },
  };
}
