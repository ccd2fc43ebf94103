import type { SessionState } from '@ephemera/realtime-client';

import type { MessageKey } from '../../i18n/dictionary.ts';
import type { Tone } from '../../ui/badge.tsx';
import type { Activity } from './activity.ts';

export type CallStatus = { key: MessageKey; tone: Tone };

const ACTIVITY_KEYS = {
  listening: 'state.listening',
  user_speaking: 'state.userSpeaking',
  assistant_speaking: 'state.speaking',
} as const satisfies Record<Activity, MessageKey>;

function describeConnected(path: 'live' | 'interrupted', activity: Activity): CallStatus {
  return path === 'interrupted'
    ? { key: 'state.interrupted', tone: 'warning' }
    : { key: ACTIVITY_KEYS[activity], tone: 'success' };
}

/** One line for the state of the call, for the eye and for a screen reader. */
export function describeCall(state: SessionState, activity: Activity): CallStatus {
  if (state.status === 'connecting') return { key: `state.${state.step}`, tone: 'accent' };
  if (state.status === 'connected') return describeConnected(state.path, activity);
  if (state.status === 'ended' && state.reason === 'aborted')
    return { key: 'state.cancelled', tone: 'neutral' };
  if (state.status === 'ended' && state.reason === 'time_limit')
    return { key: 'state.timeUp', tone: 'warning' };
  if (state.status === 'ended')
    return { key: 'state.ended', tone: state.endedBy === 'error' ? 'danger' : 'neutral' };
  return state.status === 'failed'
    ? { key: 'state.failed', tone: 'danger' }
    : { key: 'state.idle', tone: 'neutral' };
}

/** The failure to explain, if the call is over because of one. */
export function findFailure(state: SessionState): Error | null {
  if (state.status === 'failed') return state.error;
  return state.status === 'ended' ? state.error : null;
}

/** A path through a relay helps where no other path was found, and only if it was not the one that failed. */
export function canRetryWithRelay(code: string, icePolicy: 'all' | 'relay'): boolean {
  return icePolicy === 'all' && (code === 'ice_failed' || code === 'timeout');
}
