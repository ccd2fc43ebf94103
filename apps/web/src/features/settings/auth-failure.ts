import { ApiError } from '../../api/api-error.ts';
import type { ActionState } from '../../ui/action.ts';
import { findLock } from './lock.ts';
import type { Lock } from './lock.ts';

export type AuthFailure =
  | { kind: 'password' }
  | { kind: 'code' }
  | { kind: 'locked'; lock: Lock }
  | { kind: 'failed'; error: unknown };

/** What a request of the account was refused for; null while it was not. */
export function findAuthFailure(state: ActionState<unknown>, now: number): AuthFailure | null {
  if (state.status !== 'failed') return null;
  const { error } = state;
  const lock = findLock(error, now);
  if (lock !== null) return { kind: 'locked', lock };
  const code = error instanceof ApiError ? error.code : null;
  if (code === 'INVALID_PASSWORD') return { kind: 'password' };
  return code === 'INVALID_CODE' ? { kind: 'code' } : { kind: 'failed', error };
}
