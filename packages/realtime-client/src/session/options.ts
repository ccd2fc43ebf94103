import type { SessionConfig } from '@ephemera/realtime-protocol';

import type { Broker } from '../broker/broker.ts';
import type { Platform } from '../platform/platform.ts';
import type { Deadlines } from './steps.ts';

/** Which microphone; a `stream` brought by the caller is used as it is and never stopped by the session. */
export type MicrophoneChoice = { deviceId?: string } | { stream: MediaStream };

export type RealtimeSessionOptions = {
  broker: Broker;
  /** Model, voice, instructions… of the call; without it the broker's defaults hold. */
  session?: SessionConfig;
  /** Life of the secret in seconds, 10..7200; without it the broker's default. */
  ttlSeconds?: number;
  microphone?: MicrophoneChoice;
  /** Instead of the broker's ICE servers. */
  iceServers?: RTCIceServer[];
  /** `relay`: only through a TURN server (networks that block the rest, or to hide the person's address). */
  iceTransportPolicy?: RTCIceTransportPolicy;
  /** Starts muted. */
  isMuted?: boolean;
  deadlines?: Partial<Deadlines>;
  /** Only what differs from the browser. */
  platform?: Partial<Platform>;
};
