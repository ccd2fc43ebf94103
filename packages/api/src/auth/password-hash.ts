import { verifyPassword as verifyLegacy } from 'better-auth/crypto';

import { isSameBytes } from '../same-bytes.ts';
import { parseBase64Url, toBase64Url } from '../vault/base64.ts';

/**
 * PBKDF2-SHA256, 600 000 iterations in sequence. In six passes, each over the one before: Workers refuse more than
 * 100 000 in one call, and a pass is short enough for other requests to get their turn.
 */
export type HashCost = { iterations: number; passes: number };

export const HASH_COST: HashCost = { iterations: 100_000, passes: 6 };

const STORED = /^\$pbkdf2-sha256\$v=1,i=(\d{1,7}),n=(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;
const SALT_BYTES = 16;
const LABEL = 'ephemera password v1\n';

/**
 * A digest first: HMAC pads a short key with zeros, so a password and the same with a NUL behind it would be one; and
 * no password is too long for it.
 */
async function digestPassword(password: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(LABEL + password.normalize('NFKC'));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

async function derive(
  password: string,
  salt: Uint8Array<ArrayBuffer>,
  { iterations, passes }: HashCost,
): Promise<Uint8Array<ArrayBuffer>> {
  let key = await digestPassword(password);
  for (let pass = 1; pass <= passes; pass += 1) {
    const imported = await crypto.subtle.importKey('raw', key, 'PBKDF2', false, ['deriveBits']);
    const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array([...salt, pass]), iterations };
    key = new Uint8Array(await crypto.subtle.deriveBits(algorithm, imported, 256));
  }
  return key;
}

/** `$pbkdf2-sha256$v=1,i=100000,n=6$<salt>$<key>`: version and cost stand in it, so both can be raised. */
export async function hashPassword(password: string, cost: HashCost): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const key = await derive(password, salt, cost);
  return `$pbkdf2-sha256$v=1,i=${cost.iterations},n=${cost.passes}$${toBase64Url(salt)}$${toBase64Url(key)}`;
}

export type HashCheck = { isRight: boolean; isOutdated: boolean };

/** Hashes of the library's own scrypt, as they were stored first, are still read. */
export async function checkPassword(stored: string, password: string, cost: HashCost): Promise<HashCheck> {
  const [, iterations, passes, saltText = '', keyText = ''] = STORED.exec(stored) ?? [];
  const [salt, key] = [parseBase64Url(saltText), parseBase64Url(keyText)];
  if (iterations === undefined || salt === null || key === null) {
    const isRight = await verifyLegacy({ hash: stored, password }).catch(() => false);
    return { isRight, isOutdated: true };
  }
  const storedCost = { iterations: Number(iterations), passes: Number(passes) };
  const derived = await derive(password, salt, storedCost);
  const isOutdated = storedCost.iterations * storedCost.passes < cost.iterations * cost.passes;
  return { isRight: isSameBytes(derived, key), isOutdated };
}
