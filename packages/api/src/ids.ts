import { V7Generator } from 'uuidv7';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_BODY = '[0-9a-hjkmnp-tv-z]{26}';

export const SESSION_ID_PATTERN = new RegExp(`^ses_${ID_BODY}$`);
export const MESSAGE_ID_PATTERN = new RegExp(`^msg_${ID_BODY}$`);

export type IdSource = {
  sessionId: () => string;
  requestId: () => string;
  providerKeyId: () => string;
  accessKeyId: () => string;
  auditId: () => string;
  alertId: () => string;
  registrationTokenId: () => string;
  messageId: () => string;
  /** Of an account and of what hangs on it. */
  memberId: () => string;
};

/** 128 bits as 26 digits of Crockford's base32, lower case; keeps the order of the bytes. */
export function encodeBase32(bytes: Readonly<Uint8Array>): string {
  let text = '';
  let carry = 0;
  let bits = 2; // two leading zero bits make 130, a multiple of five
  for (const byte of bytes) {
    carry = (carry << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((carry >> bits) & 31);
    }
    carry &= (1 << bits) - 1;
  }
  return text;
}

function encodeFloor(atMs: number): string {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.max(0, Math.floor(atMs))) << 16n);
  return encodeBase32(bytes);
}

/** Below every session id of that moment or later (unix milliseconds), and above those of before. */
export function sessionIdFloor(atMs: number): string {
  return `ses_${encodeFloor(atMs)}`;
}

/** The same for entries of the audit. */
export function auditIdFloor(atMs: number): string {
  return `aud_${encodeFloor(atMs)}`;
}

const POOL_WORDS = 1_024;

/** Random words, taken from the system many at a time: asking for each id costs more than all the rest of it. */
function createRandomWords(): () => number {
  const pool = new Uint32Array(POOL_WORDS);
  let next = POOL_WORDS;
  return () => {
    if (next === POOL_WORDS) {
      crypto.getRandomValues(pool);
      next = 0;
    }
    const word = pool[next] ?? 0;
    next += 1;
    return word;
  };
}

/** Ids carry a UUIDv7, so they sort by time. They name things; they are no secrets. */
export function createIdSource(now: () => number): IdSource {
  const generator = new V7Generator({ nextUint32: createRandomWords() });
  const next = (): string => encodeBase32(generator.generateOrResetWithTs(now()).bytes);
  return {
    sessionId: () => `ses_${next()}`,
    requestId: () => `req_${next()}`,
    providerKeyId: () => `pkey_${next()}`,
    accessKeyId: () => `key_${next()}`,
    auditId: () => `aud_${next()}`,
    alertId: () => `alr_${next()}`,
    registrationTokenId: () => `nrt_${next()}`,
    messageId: () => `msg_${next()}`,
    memberId: () => `usr_${next()}`,
  };
}
