import type { Tone } from '../../ui/badge.tsx';
import type { KeyMessage } from './key-text.ts';
import type { KeyState, KeySummary } from './key-types.ts';

type StateFacts = Pick<
  KeySummary,
  'state' | 'reason' | 'until' | 'drainAt' | 'openSessions' | 'source' | 'isConfigured'
>;

/** How a key looks: its state, and two cases that only a person tells apart. */
export type Look = KeyState | 'rotating' | 'missing';

/** What stands under the state's word. */
export type StateNote =
  | { kind: 'none' }
  /** A time that a countdown runs to. */
  | { kind: 'until'; at: number }
  /** From this time on it takes no new sessions. */
  | { kind: 'rotates'; at: number }
  /** The time is over: `probe` lets one request through, otherwise the key is simply usable again. */
  | { kind: 'due'; isProbe: boolean }
  /** Open sessions left, and when the drain ends at the latest. */
  | { kind: 'sessions'; count: number; endsAt: number | null };

export type StateView = { look: Look; tone: Tone; note: StateNote; reason: string | null };

const TONES: Readonly<Record<Look, Tone>> = {
  active: 'success',
  rotating: 'accent',
  cooling_down: 'warning',
  exhausted: 'warning',
  quarantined: 'danger',
  disabled: 'neutral',
  draining: 'accent',
  missing: 'neutral',
};

function findLook(key: StateFacts): Look {
  if (key.source === 'environment' && !key.isConfigured) return 'missing';
  return key.state === 'active' && key.drainAt !== null ? 'rotating' : key.state;
}

/** A rate limit is over when its time is; after an outage or without quota one trial request decides. */
function needsProbe(key: StateFacts): boolean {
  return key.state === 'exhausted' || key.reason === 'breaker';
}

function findTime(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso);
}

function findWait(key: StateFacts, now: number): StateNote {
  const at = findTime(key.until);
  if (at === null) return { kind: 'none' };
  return at > now ? { kind: 'until', at } : { kind: 'due', isProbe: needsProbe(key) };
}

function findNote(key: StateFacts, look: Look, now: number): StateNote {
  const drainAt = findTime(key.drainAt);
  if (look === 'rotating' && drainAt !== null) return { kind: 'rotates', at: drainAt };
  if (look === 'draining') return { kind: 'sessions', count: key.openSessions, endsAt: findTime(key.until) };
  return look === 'cooling_down' || look === 'exhausted' ? findWait(key, now) : { kind: 'none' };
}

/** The state of a key for a reader, at this second. */
export function describeState(key: StateFacts, now: number): StateView {
  const look = findLook(key);
  const hasReason = look !== 'active' && look !== 'missing' && look !== 'rotating';
  return {
    look,
    tone: TONES[look],
    note: findNote(key, look, now),
    reason: hasReason ? key.reason : null,
  };
}

const REASONS: Readonly<Record<string, KeyMessage>> = {
  key_rejected: 'reason.key_rejected',
  invalid_api_key: 'reason.invalid_api_key',
  account_deactivated: 'reason.account_deactivated',
  damaged: 'reason.damaged',
  quota_exhausted: 'reason.quota_exhausted',
  insufficient_quota: 'reason.insufficient_quota',
  billing_hard_limit_reached: 'reason.billing_hard_limit_reached',
  rate_limited: 'reason.rate_limited',
  breaker: 'reason.breaker',
  operator: 'reason.operator',
  rotated: 'reason.rotated',
  drained: 'reason.drained',
};

/** `null` for a reason that this version has no words for: then its code is shown. */
export function findReasonMessage(reason: string): KeyMessage | null {
  return REASONS[reason] ?? null;
}

/** Whether a mint may take this key now, or will when its time is over. */
function isUsable(key: Pick<KeySummary, 'state' | 'source' | 'isConfigured'>): boolean {
  const isPresent = key.source === 'stored' || key.isConfigured;
  return isPresent && (key.state === 'active' || key.state === 'cooling_down');
}

/** Whether no other key of its provider would be left to mint with. */
export function isLastUsable(key: KeySummary, all: readonly KeySummary[]): boolean {
  const others = all.filter(({ id, provider }) => id !== key.id && provider === key.provider);
  return isUsable(key) && !others.some(isUsable);
}
