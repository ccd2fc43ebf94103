import type { Tone } from '../../ui/badge.tsx';
import type { KeyState, KeySummary } from './key-types.ts';

type StateFacts = Pick<KeySummary, 'state' | 'graceUntil' | 'expiresAt'>;

export type StateView = {
  state: KeyState;
  tone: Tone;
  /** Until then a former secret is accepted; null where no countdown runs. */
  endsAt: number | null;
};

const TONES: Readonly<Record<KeyState, Tone>> = {
  active: 'success',
  grace: 'warning',
  disabled: 'neutral',
  expired: 'warning',
  revoked: 'danger',
  replaced: 'neutral',
};

function isPast(iso: string | null, now: number): boolean {
  return iso !== null && Date.parse(iso) <= now;
}

/** What the server said, carried on by the clock: a grace or a key that ends between two refreshes has ended. */
export function findState(key: StateFacts, now: number): KeyState {
  if (key.state === 'grace' && isPast(key.graceUntil, now)) return 'replaced';
  if ((key.state === 'active' || key.state === 'grace') && isPast(key.expiresAt, now)) return 'expired';
  return key.state;
}

export function describeState(key: StateFacts, now: number): StateView {
  const state = findState(key, now);
  const endsAt = state === 'grace' && key.graceUntil !== null ? Date.parse(key.graceUntil) : null;
  return { state, tone: TONES[state], endsAt };
}

const SOON_MS = 7 * 86_400_000;

export type Expiry = 'never' | 'far' | 'soon' | 'past';

export function findExpiry(expiresAt: string | null, now: number): Expiry {
  if (expiresAt === null) return 'never';
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return 'past';
  return left < SOON_MS ? 'soon' : 'far';
}

/** A former secret of a key, which another one took the place of. */
export function isFormer(key: Pick<KeySummary, 'replacedBy'>): boolean {
  return key.replacedBy !== null;
}
