import { createBoundedCache } from './bounded-cache.ts';
import { createHmac } from './hmac.ts';

/** Stable names for a user towards third parties; without the secret they lead back to nobody. */
export type Pseudonyms = {
  /** `OpenAI-Safety-Identifier`: HMAC-SHA256 of the user id, hex. */
  safetyIdentifierOf: (userId: string) => Promise<string>;
  /** The part of a TURN username after the expiry: 32 hex digits, another HMAC than the safety identifier. */
  turnUserOf: (userId: string) => Promise<string>;
};

const MAX_CACHED = 10_000;

export function createPseudonyms(secret: string): Pseudonyms {
  const hmac = createHmac(secret);
  const cache = createBoundedCache<string>(MAX_CACHED);

  async function sign(text: string): Promise<string> {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const signature = await hmac(text);
    cache.set(text, signature);
    return signature;
  }

  return {
    safetyIdentifierOf: sign,
    // A user id never begins with `turn:`, so the two names of one user cannot be the same HMAC.
    turnUserOf: async (userId) => (await sign(`turn:${userId}`)).slice(0, 32),
  };
}
