import { base64url } from 'jose';

import type { Clock } from '../context.ts';
import { toHex } from '../hmac.ts';
import { isSameBytes } from '../same-bytes.ts';
import { createMac } from './short-hashes.ts';

export const CHALLENGE_LIFE_MS = 60_000;
const PURPOSE = 'ephemera-node-login:v1';
const VERSION = 1;
const NONCE_BYTES = 33;
const MAC_BYTES = 32;
const MAC_AT = 1 + 6 + NONCE_BYTES;
/** A multiple of three, so that no two texts stand for the same bytes. */
const BYTES = MAC_AT + MAC_BYTES;

export type Challenge = { challenge: string; expiresAtMs: number };
/** A challenge of ours that has not expired: under which hash it is burnt, its own MAC. */
export type CheckedChallenge = { hash: string; expiresAtMs: number };

export type Challenges = {
  create: (nodeId: string) => Challenge;
  /** Null: not ours, not this node's, or too old. Whether it was used before only the database knows. */
  check: (nodeId: string, challenge: string) => CheckedChallenge | null;
};

type Bytes = Uint8Array<ArrayBuffer>;

function encodeHead(expiresAtMs: number): Bytes {
  const head = new Uint8Array(MAC_AT);
  const view = new DataView(head.buffer);
  view.setUint8(0, VERSION);
  view.setUint16(1, Math.floor(expiresAtMs / 2 ** 32));
  view.setUint32(3, expiresAtMs % 2 ** 32);
  crypto.getRandomValues(head.subarray(7));
  return head;
}

function readExpiry(bytes: Bytes): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return view.getUint16(1) * 2 ** 32 + view.getUint32(3);
}

function decode(text: string): Bytes | null {
  if (!/^[\w-]+$/.test(text) || text.length !== (BYTES / 3) * 4) return null;
  const bytes = new Uint8Array(base64url.decode(text));
  return bytes[0] === VERSION ? bytes : null;
}

/**
 * Challenges that need no row: a MAC tells that one is ours, for whom and until when, so asking for thousands of them
 * fills nothing and locks nobody out. The text that is signed says what for: no signature made for anything else fits.
 */
export function createChallenges(options: { secret: string; audience: string; clock: Clock }): Challenges {
  const { secret, audience, clock } = options;
  const encoder = new TextEncoder();
  const macOf = createMac(secret);
  const prefixOf = (nodeId: string): string => `${PURPOSE}:${audience}:${nodeId}:`;

  function join(prefix: string, head: Bytes): Bytes {
    const text = encoder.encode(prefix);
    const whole = new Uint8Array(text.length + head.length);
    whole.set(text);
    whole.set(head, text.length);
    return whole;
  }

  return {
    create: (nodeId) => {
      const expiresAtMs = clock.now() + CHALLENGE_LIFE_MS;
      const prefix = prefixOf(nodeId);
      const head = encodeHead(expiresAtMs);
      const bytes = new Uint8Array(BYTES);
      bytes.set(head);
      bytes.set(macOf(join(prefix, head)), MAC_AT);
      return { challenge: `${prefix}${base64url.encode(bytes)}`, expiresAtMs };
    },
    check: (nodeId, challenge) => {
      // One made for A that comes as B is refused and not used up: the MAC is over A's id, and without that id it cannot be
      // told from one that somebody made up, which must fill no table.
      const prefix = prefixOf(nodeId);
      const bytes = challenge.startsWith(prefix) ? decode(challenge.slice(prefix.length)) : null;
      if (bytes === null) return null;
      const mac = bytes.subarray(MAC_AT);
      const isOurs = isSameBytes(mac, macOf(join(prefix, bytes.subarray(0, MAC_AT))));
      const expiresAtMs = readExpiry(bytes);
      if (!isOurs || expiresAtMs <= clock.now()) return null;
      return { hash: toHex(mac), expiresAtMs };
    },
  };
}
