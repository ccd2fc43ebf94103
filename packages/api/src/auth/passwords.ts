import type { Database } from '@ephemera/db';

import type { Clock } from '../context.ts';
import { AppError } from '../errors.ts';
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

/** Throws `invalid_request` for a password that is too easy to guess, or longer than anybody types. */
export function requireGoodPassword(password: string, { email }: { email: string }): void {
  const { length } = password.normalize('NFKC');
  if (length < PASSWORD_LENGTH.min || length > PASSWORD_LENGTH.max) {
    throw refuse(`A password has ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters.`);
  }
  if (new Set(password).size < 4) throw refuse('This password repeats too few characters.');
  if (password.toLowerCase() === email) throw refuse('A password differs from the e-mail address.');
}

/** One spelling for each address, so that no variant of it is another account or another counter. */
export function canonicalizeEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}
