import { type Bytes, fromPem, toPem } from './encoding.ts';
import { NodeClientError } from './node-error.ts';

/** Of login challenges and of messages; the digest's own length as salt. */
export const SIGN_PARAMS = { name: 'RSA-PSS', saltLength: 32 } as const;
export const PSS = { name: 'RSA-PSS', hash: 'SHA-256' } as const;
export const OAEP = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;

const SMALLEST_BITS = 2_048;
const LARGEST_BITS = 4_096;

/** What a node proves itself with. The private halves cannot be exported from here. */
export type NodeKeys = {
  /** RSA-PSS with SHA-256. */
  signingKey: CryptoKey;
  /** The same RSA key for RSA-OAEP with SHA-256: opens what was encrypted for this node. */
  decryptionKey: CryptoKey;
  /** SubjectPublicKeyInfo, as it is registered. */
  publicKeyPem: string;
};

export type GeneratedNodeKeys = {
  keys: NodeKeys;
  /** PKCS #8. To be stored as the secret it is: whoever has it is the node. */
  privateKeyPem: string;
};

/**
 * A new RSA key, 3072 bits unless told otherwise (2048 to 4096).
 * @throws NodeClientError `invalid_key` for any other size
 * @example
 * const { keys, privateKeyPem } = await generateNodeKeys();
 * await writeFile('node.pem', privateKeyPem, { mode: 0o600 });
 */
export async function generateNodeKeys({ bits = 3_072 }: { bits?: number } = {}): Promise<GeneratedNodeKeys> {
  if (!Number.isInteger(bits) || bits < SMALLEST_BITS || bits > LARGEST_BITS || bits % 8 !== 0) {
    throw new NodeClientError('invalid_key', `A node's key has ${SMALLEST_BITS} to ${LARGEST_BITS} bits.`);
  }
  const algorithm = { ...PSS, modulusLength: bits, publicExponent: new Uint8Array([1, 0, 1]) };
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const privateKeyPem = toPem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  return { keys: await importNodeKeys(privateKeyPem), privateKeyPem };
}

/**
 * The keys of a stored private key (PEM, PKCS #8, not encrypted).
 * @throws NodeClientError `invalid_key`
 */
export async function importNodeKeys(privateKeyPem: string): Promise<NodeKeys> {
  const der = fromPem('PRIVATE KEY', privateKeyPem);
  if (der === null) throw createInvalidKey();
  const publicKeyPem = await derivePublicKey(der);
  const signingKey = await crypto.subtle.importKey('pkcs8', der, PSS, false, ['sign']);
  const decryptionKey = await crypto.subtle.importKey('pkcs8', der, OAEP, false, ['decrypt']);
  return { signingKey, decryptionKey, publicKeyPem };
}

async function derivePublicKey(der: Bytes): Promise<string> {
  try {
    const whole = await crypto.subtle.importKey('pkcs8', der, PSS, true, ['sign']);
    const { n, e } = await crypto.subtle.exportKey('jwk', whole);
    if (n === undefined || e === undefined || (n.length * 6) / 8 < SMALLEST_BITS / 8)
      throw createInvalidKey();
    const half = await crypto.subtle.importKey('jwk', { kty: 'RSA', n, e }, PSS, true, ['verify']);
    return toPem('PUBLIC KEY', await crypto.subtle.exportKey('spki', half));
  } catch (cause) {
    throw createInvalidKey(cause);
  }
}

function createInvalidKey(cause?: unknown): NodeClientError {
  return new NodeClientError(
    'invalid_key',
    `A node's key is an RSA private key of ${SMALLEST_BITS} bits or more, as PEM (BEGIN PRIVATE KEY) without a password.`,
    { cause },
  );
}

/** @throws NodeClientError `invalid_key` */
export async function importPublicKey(pem: string, use: 'verify' | 'encrypt'): Promise<CryptoKey> {
  const der = fromPem('PUBLIC KEY', pem);
  if (der === null) throw new NodeClientError('invalid_key', 'This is no public key as PEM.');
  try {
    return await crypto.subtle.importKey('spki', der, use === 'verify' ? PSS : OAEP, false, [use]);
  } catch (cause) {
    throw new NodeClientError('invalid_key', 'This is no RSA public key.', { cause });
  }
}
