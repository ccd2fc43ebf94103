import type { Database } from '@ephemera/db';

import type { Clock } from '../context.ts';
import { AppError } from '../errors.ts';
import { isCommonPassword } from './common-passwords.ts';
import type { HashCost } from './password-hash.ts';
import { checkPassword, HASH_COST, hashPassword } from './password-hash.ts';
import { createGate } from './password-gate.ts';

/** All hashing of passwords in this process, so that there are never more than two at once. */
export type Passwords = {
  hash: (password: string) => Promise<string>;
  /** A right password whose hash is outdated is hashed anew and stored. */
  verify: (input: { hash: string; password: string }) => Promise<boolean>;
};

export type PasswordsOptions = { database: Pick<Database, 'write'>; clock: Clock; cost?: HashCost };

const MAX_HASHES = 2;
const MAX_WAITING_HASHES = 32;

/** By the hash itself: it has its own salt, so no two rows have the same one. */
const UPGRADE_SQL = 'update accounts set password = ?1, updated_at = ?2 where password = ?3';

export function createPasswords({ database, clock, cost = HASH_COST }: PasswordsOptions): Passwords {
  const gate = createGate(MAX_HASHES, MAX_WAITING_HASHES);
  const hash = (password: string): Promise<string> => gate(() => hashPassword(password, cost));
  return {
    hash,
    verify: async ({ hash: stored, password }) => {
      const { isRight, isOutdated } = await gate(() => checkPassword(stored, password, cost));
      if (isRight && isOutdated) {
        const args = [await hash(password), clock.now(), stored];
        await database.write({ sql: UPGRADE_SQL, args });
      }
      return isRight;
    },
  };
}

export const PASSWORD_LENGTH = { min: 12, max: 256 } as const;

function refuse(message: string): AppError {
  return new AppError('invalid_request', message, { details: { param: 'password' } });
}

/** So many letters are a name; fewer are in most texts by chance. */
const MIN_NAME_LENGTH = 3;

/** As long as a name is told, and signs around or between it, it is guessed with the address. */
function isMadeOfAddress(password: string, email: string): boolean {
  if (password === email) return true;
  const name = email.slice(0, Math.max(0, email.lastIndexOf('@')));
  if (name.length < MIN_NAME_LENGTH) return false;
  return !/[\p{L}\p{N}]/u.test(password.replaceAll(name, ''));
}

/** Throws `invalid_request` for a password that is too easy to guess, or longer than anybody types. */
export function requireGoodPassword(password: string, { email }: { email: string }): void {
  const normal = password.normalize('NFKC');
  const { length } = normal;
  if (length < PASSWORD_LENGTH.min || length > PASSWORD_LENGTH.max) {
    throw refuse(`A password has ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters.`);
  }
  if (new Set(password).size < 4) throw refuse('This password repeats too few characters.');
  const plain = normal.trim().toLowerCase();
  if (isMadeOfAddress(plain, email)) {
    throw refuse('This password is the e-mail address, or the name in it: choose one that nobody can tell.');
  }
  if (isCommonPassword(plain)) {
    throw refuse('This password is one of the commonest, which are tried first: choose another one.');
  }
}

/** One spelling for each address, so that no variant of it is another account or another counter. */
export function canonicalizeEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}
