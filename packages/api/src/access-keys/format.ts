import { crc32 } from './checksum.ts';

export type KeyEnvironment = 'live' | 'test';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
/** So many digits of base62 hold 256 bits, and 32. */
const SECRET_DIGITS = 43;
const CHECKSUM_DIGITS = 6;

const SHAPE = /^(eph_(live|test)_[\dA-Za-z]{43})([\dA-Za-z]{6})$/;

function toBase62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = DIGITS.charAt(Number(rest % 62n)) + text;
  return text.padStart(length, '0');
}

function checksumOf(text: string): string {
  return toBase62(BigInt(crc32(text)), CHECKSUM_DIGITS);
}

/** A new key: 256 random bits, told apart from other secrets by its beginning and from a typing error by its end. */
export function createAccessKeySecret(
  environment: KeyEnvironment,
  fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void,
): string {
  const bytes = new Uint8Array(SECRET_BYTES);
  fillRandom(bytes);
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  const body = `eph_${environment}_${toBase62(value, SECRET_DIGITS)}`;
  return `${body}${checksumOf(body)}`;
}

/** The kind of key that this text can be; null where its shape or its checksum is wrong. */
export function parseAccessKey(text: string): { environment: KeyEnvironment } | null {
  const [, body, environment, checksum] = SHAPE.exec(text) ?? [];
  if (body === undefined || checksumOf(body) !== checksum) return null;
  return { environment: environment === 'live' ? 'live' : 'test' };
}
