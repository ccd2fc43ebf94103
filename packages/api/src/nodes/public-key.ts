import { AppError } from '../errors.ts';
import { toHex } from '../hmac.ts';
import type { DerValue } from './der.ts';
import { readDer, readDerList } from './der.ts';
import { isWeakModulus } from './weak-modulus.ts';

/** A key that a node may prove itself with. */
export type NodePublicKey = {
  /** In one form, however it was sent. */
  pem: string;
  /** Hex of the SHA-256 of the DER. */
  fingerprint: string;
  bits: number;
};

const MIN_BITS = 2_048;
const MAX_BITS = 4_096;
const MIN_EXPONENT = 65_537n;
const MAX_EXPONENT = 2n ** 32n;

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_ID = 0x06;
const NULL_VALUE = 0x05;
/** 1.2.840.113549.1.1.1 */
const RSA_ENCRYPTION = '2a864886f70d010101';

const PEM = /^\s*-----BEGIN PUBLIC KEY-----\r?\n?([A-Za-z\d+/=\s]+?)-----END PUBLIC KEY-----\s*$/;

function refuse(message: string): AppError {
  return new AppError('invalid_request', message, { details: { param: 'public_key' } });
}

/** What people send by mistake gets an answer of its own. Nothing of it is told, kept or logged. */
function explainBadPem(text: string): AppError {
  if (/PRIVATE KEY/i.test(text)) {
    return refuse(
      'This is a private key: never send it to anybody. Send the public half, and make a new pair.',
    );
  }
  if (text.includes('BEGIN RSA PUBLIC KEY')) {
    return refuse('This is a PKCS#1 key: send it as SubjectPublicKeyInfo (BEGIN PUBLIC KEY).');
  }
  if (text.includes('BEGIN CERTIFICATE')) return refuse('This is a certificate: send its public key.');
  return refuse('The public key is no PEM of a SubjectPublicKeyInfo (BEGIN PUBLIC KEY).');
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

function encodePem(der: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...der));
  return `-----BEGIN PUBLIC KEY-----\n${base64.replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END PUBLIC KEY-----\n`;
}

/** A positive integer in as few bytes as it needs; null for any other. */
function readInteger(value: DerValue | undefined): bigint | null {
  if (value?.tag !== INTEGER) return null;
  const [first, second = 0] = value.content;
  if (first === undefined || first >= 128 || (first === 0 && second < 128)) return null;
  return BigInt(`0x${toHex(value.content)}`);
}

function isRsaAlgorithm(algorithm: DerValue | undefined): boolean {
  const parts = algorithm?.tag === SEQUENCE ? readDerList(algorithm.content) : null;
  const [id, parameters] = parts ?? [];
  if (id?.tag !== OBJECT_ID || toHex(id.content) !== RSA_ENCRYPTION) return false;
  return parts?.length === 2 && parameters?.tag === NULL_VALUE && parameters.content.length === 0;
}

function hasAlgorithm(algorithm: DerValue | undefined): boolean {
  return algorithm?.tag === SEQUENCE && readDer(algorithm.content)?.tag === OBJECT_ID;
}

type RsaNumbers = { modulus: bigint; exponent: bigint };

function readRsaNumbers(bits: DerValue | undefined): RsaNumbers | null {
  if (bits?.tag !== BIT_STRING || bits.content[0] !== 0) return null;
  const key = readDer(bits.content.subarray(1));
  if (key?.tag !== SEQUENCE || key.end !== bits.content.length - 1) return null;
  const numbers = readDerList(key.content);
  if (numbers?.length !== 2) return null;
  const modulus = readInteger(numbers[0]);
  const exponent = readInteger(numbers[1]);
  return modulus === null || exponent === null ? null : { modulus, exponent };
}

function parseSpki(der: Uint8Array<ArrayBuffer>): RsaNumbers {
  const outer = readDer(der);
  const parts = outer?.tag === SEQUENCE && outer.end === der.length ? readDerList(outer.content) : null;
  if (parts?.length !== 2 || !hasAlgorithm(parts[0])) throw explainBadPem('');
  if (!isRsaAlgorithm(parts[0])) throw refuse('The public key is not an RSA key (rsaEncryption).');
  const numbers = readRsaNumbers(parts[1]);
  if (numbers === null) throw explainBadPem('');
  return numbers;
}

function requireStrong({ modulus, exponent }: RsaNumbers): number {
  const bits = modulus.toString(2).length;
  if (bits < MIN_BITS || bits > MAX_BITS) {
    throw refuse(`The RSA key has ${bits} bits: it needs ${MIN_BITS} to ${MAX_BITS}.`);
  }
  if (exponent % 2n === 0n || exponent < MIN_EXPONENT || exponent > MAX_EXPONENT) {
    throw refuse('The public exponent of the RSA key should be 65537.');
  }
  if (isWeakModulus(modulus)) throw refuse('The RSA key is weak: it can be factored. Make another one.');
  return bits;
}

/** Reads a PEM strictly. Throws `invalid_request` at `public_key` that says what is wrong with it. */
export async function parsePublicKey(text: string): Promise<NodePublicKey> {
  const base64 = PEM.exec(text)?.[1]?.replaceAll(/\s/g, '');
  const der = base64 === undefined ? null : decodeBase64(base64);
  if (der === null) throw explainBadPem(text);
  const bits = requireStrong(parseSpki(der));
  const fingerprint = toHex(await crypto.subtle.digest('SHA-256', der));
  const pem = encodePem(der);
  try {
    await importPublicKey(pem);
  } catch {
    throw refuse('The RSA key cannot be used.');
  }
  return { pem, fingerprint, bits };
}

/** For a PEM of the form that `parsePublicKey` gives. */
export async function importPublicKey(pem: string): Promise<CryptoKey> {
  const der = decodeBase64(pem.replaceAll(/-----[^-]+-----|\s/g, ''));
  if (der === null) throw new TypeError('A stored public key cannot be read.');
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
  return await crypto.subtle.importKey('spki', der, algorithm, false, ['verify']);
}
