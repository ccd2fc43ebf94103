import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** HMAC-SHA256, at once. */
export type Mac = (bytes: Uint8Array) => Uint8Array;

/**
 * For what is a few hundred bytes long: WebCrypto hands each hash to another thread, which takes ten times as long as the
 * hash does, and on Node it stands in line there with the signatures that are checked.
 */
export function createMac(secret: string): Mac {
  const keyed = hmac.create(sha256, new TextEncoder().encode(secret));
  return (bytes) => keyed.clone().update(bytes).digest();
}

/** SHA-256 of a short text, at once. */
export function digestText(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text));
}
