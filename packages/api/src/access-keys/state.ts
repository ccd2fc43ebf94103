import type { AccessKeyRow } from '@ephemera/db';

export type AccessKeyState = 'active' | 'disabled' | 'expired' | 'revoked' | 'grace' | 'replaced';

type Times = Pick<AccessKeyRow, 'revokedAt' | 'disabledAt' | 'expiresAt' | 'replacedBy' | 'graceUntil'>;

/** What a key is at this moment. It is accepted while `active` and in its `grace`, after another took its place. */
export function accessKeyState(key: Times, nowMs: number): AccessKeyState {
  if (key.revokedAt !== null) return 'revoked';
  if (key.disabledAt !== null) return 'disabled';
  if (key.replacedBy !== null && (key.graceUntil === null || key.graceUntil.getTime() <= nowMs)) {
    return 'replaced';
  }
  if (key.expiresAt !== null && key.expiresAt.getTime() <= nowMs) return 'expired';
  return key.replacedBy === null ? 'active' : 'grace';
}
