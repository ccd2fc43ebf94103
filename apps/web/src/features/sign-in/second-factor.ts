import { ApiError } from '../../api/api-error.ts';
import type { SecondFactor } from '../../api/auth.ts';
import { findLock } from '../settings/lock.ts';
import type { Lock } from '../settings/lock.ts';

/** `expired`: the password has to be given again. */
export type FactorFailure =
  | { kind: 'wrong' }
  | { kind: 'expired' }
  | { kind: 'locked'; lock: Lock }
  | { kind: 'failed'; error: unknown };

const EXPIRED: ReadonlySet<string | null> = new Set([
  'INVALID_TWO_FACTOR_COOKIE',
  'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE',
]);

/** What became of a code that was not accepted. */
export function findFactorFailure(error: unknown, now: number): FactorFailure {
  const lock = findLock(error, now);
  if (lock !== null) return { kind: 'locked', lock };
  if (!(error instanceof ApiError)) return { kind: 'failed', error };
  if (EXPIRED.has(error.code)) return { kind: 'expired' };
  return error.status === 401 || error.status === 400 ? { kind: 'wrong' } : { kind: 'failed', error };
}

/** As people type it: digits in groups, a backup code with spaces around it. */
export function cleanCode({ kind, code }: SecondFactor): string {
  return kind === 'totp' ? code.replaceAll(/\D/g, '') : code.trim();
}

const TOTP_DIGITS = 6;

export function isWholeCode(factor: SecondFactor): boolean {
  return factor.kind === 'totp' && cleanCode(factor).length === TOTP_DIGITS;
}
