import { createBoundedCache } from './bounded-cache.ts';

/** Stable names for a user towards third parties; without the secret they lead back to nobody. */
export type Pseudonyms = {
  /** `OpenAI-Safety-Identifier`: HMAC-SHA256 of the user id, hex. */
  safetyIdentifierOf: (userId: string) => Promise<string>;
  /** The part of a TURN username after the expiry: 32 hex digits, another HMAC than the safety identifier. */
  turnUserOf: (userId: string) => Promise<string>;
};

const MAX_CACHED = 10_000;

function toHex(bytes: ArrayBuffer): string {
  let hex = '';
  for (const byte of new Uint8Array(bytes)) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

async function importSecret(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  return await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

export function createPseudonyms(secret: string): Pseudonyms {
  const encoder = new TextEncoder();
  const cache = createBoundedCache<string>(MAX_CACHED);
  // The key, not its promise: on Workers a promise dies with the request that made it.
  let key: CryptoKey | undefined;

  async function sign(text: string): Promise<string> {
    const known = cache.get(text);
    if (known !== undefined) return known;
    key ??= await importSecret(secret);
    const signature = toHex(await crypto.subtle.sign('HMAC', key, encoder.encode(text)));
    cache.set(text, signature);
    return signature;
  }

  return {
    safetyIdentifierOf: sign,
    // A user id never begins with `turn:`, so the two names of one user cannot be the same HMAC.
    turnUserOf: async (userId) => (await sign(`turn:${userId}`)).slice(0, 32),
  };
}
