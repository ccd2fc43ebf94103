import type { SessionState } from '@ephemera/realtime-client';

export type SecretClock = { status: 'none' } | { status: 'valid'; seconds: number } | { status: 'expired' };

/** How long the secret may still *start* a call. It says nothing about a call that runs. */
export function readSecretClock(state: SessionState, now: number): SecretClock {
  const secret = state.status === 'idle' ? null : state.secret;
  if (secret === null) return { status: 'none' };
  const seconds = (secret.secretExpiresAt.getTime() - now) / 1_000;
  return seconds > 0 ? { status: 'valid', seconds } : { status: 'expired' };
}

/** Seconds of the call so far, or of the finished one; `null` before it connects. */
export function readCallClock(state: SessionState, now: number): number | null {
  if (state.status === 'connected') return Math.max(0, (now - state.connectedAt.getTime()) / 1_000);
  return state.status === 'ended' ? state.durationSeconds : null;
}
