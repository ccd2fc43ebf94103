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

/** One line for the state of the call, for the eye and for a screen reader. */
export function describeCall(state: SessionState, activity: Activity): CallStatus {
  switch (state.status) {
    case 'idle':
      return { key: 'state.idle', tone: 'neutral' };
    case 'connecting':
      return { key: `state.${state.step}`, tone: 'accent' };
    case 'connected':
      return state.path === 'interrupted'
        ? { key: 'state.interrupted', tone: 'warning' }
        : { key: ACTIVITY_KEYS[activity], tone: 'success' };
    case 'ended':
      return { key: 'state.ended', tone: state.endedBy === 'error' ? 'danger' : 'neutral' };
    case 'failed':
      return { key: 'state.failed', tone: 'danger' };
  }
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
