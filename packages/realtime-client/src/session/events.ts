import type {
  ClientEvent,
  ServerEvent,
  ServerEventOf,
  UnknownServerEvent,
} from '@ephemera/realtime-protocol';

import type { IcePair } from '../broker/broker.ts';
import type { TranscriptItem } from '../conversation/transcript.ts';
import type { RealtimeError } from '../errors.ts';
import type { SessionState } from './state.ts';

/** A line of the event log. `atMs` counts from `connect()`. */
export type LoggedEvent =
  | { direction: 'in'; atMs: number; event: ServerEvent | UnknownServerEvent }
  | { direction: 'out'; atMs: number; event: ClientEvent };

/** Loudness as root mean square, 0..1; `null` where it cannot be measured. Speech is around 0.02..0.3. */
export type Levels = { microphone: number | null; remote: number | null };

/** Quality of the path, sampled every two seconds. */
export type ConnectionStats = {
  icePair: IcePair | null;
  roundTripMs: number | null;
  jitterMs: number | null;
  packetsReceived: number;
  packetsLost: number;
};

/** Something that did not stop the call. */
export type SessionWarning = {
  code:
    | 'ice_servers_unavailable'
    | 'connected_not_reported'
    | 'end_not_reported'
    | 'usage_not_reported'
    | 'heartbeat_not_sent'
    | 'access_not_refreshed'
    | 'microphone_lost'
    | 'stats_unavailable'
    | 'unreadable_event';
  error: RealtimeError;
};

/** Events of ours; all others carry the provider's GA names (`response.done`, `error`, …). */
type OwnEvents = {
  state: SessionState;
  /** Everything that went over the data channel, both ways. */
  event: LoggedEvent;
  /** An event whose type or shape this version does not know. */
  unknown_event: UnknownServerEvent;
  /** The whole conversation, in order; a new array each time. */
  transcript: readonly TranscriptItem[];
  levels: Levels;
  /** `true` when an unmuted microphone gave nothing but zeros for its first two seconds; `false` when sound comes. */
  microphone_silent: boolean;
  muted: boolean;
  stats: ConnectionStats;
  /** First sound of the other side: milliseconds since `connect()`. Once a call. */
  first_audio: { ms: number };
  /** End of the person's speech to start of the answer's audio, in milliseconds. */
  turn_latency: { ms: number };
  /** The browser will not play without a gesture: show "tap to hear" and call `resumePlayback()` in its handler. */
  playback_blocked: RealtimeError;
  playback_resumed: null;
  /** The broker's time limit is near: a minute before it, or at once where less is left. */
  time_almost_up: { remainingSeconds: number };
  /** It is reached: the call ends with `endedBy: 'timeout'`, `reason: 'time_limit'`. */
  time_up: null;
  warning: SessionWarning;
};

export type SessionEvents = OwnEvents & { [T in ServerEvent['type']]: ServerEventOf<T> };

export type SessionEventName = keyof SessionEvents;
