import type { RealtimeUsage, SessionConfig, TranscriptionUsage } from '@ephemera/realtime-protocol';

import type { StepTiming } from '../session/steps.ts';

export type MintInput = {
  /** Life of the secret in seconds, 10..7200; it limits *starting* a call, not its length. */
  ttlSeconds?: number;
  session?: SessionConfig;
};

/** A freshly minted client secret. Dates are the broker's clock. */
export type MintedSecret = {
  /** `ek_…`; never store or log it. */
  value: string;
  expiresAt: Date;
  /** The broker's time when it answered: what a skewed device corrects its clock with. */
  serverTime: Date;
  /** The broker's id of the session, `ses_…`. */
  sessionId: string;
  /** Where the SDP offer goes. */
  callsUrl: string;
  model: string | null;
  warnings: readonly { code: string; message: string }[];
};

export type IssuedIceServers = {
  iceServers: RTCIceServer[];
  expiresAt: Date;
  /** Which TURN provider they come from. */
  provider: string;
};

/** The path that ICE chose: candidate types (`host`, `srflx`, `prflx`, `relay`) and `udp` or `tcp`. */
export type IcePair = { local: string; remote: string; protocol: string };

export type ConnectedReport = {
  sessionId: string;
  callId?: string;
  transport: 'webrtc';
  icePair?: IcePair;
  steps: StepTiming[];
};

/** Who or what ended the call. */
export type EndedBy = 'user' | 'timeout' | 'error';

export type EndReport = {
  sessionId: string;
  /** Seconds from `connected` to the end; 0 when the call never connected. */
  duration: number;
  /** Finished messages of both sides. */
  messageCount: number;
  endedBy: EndedBy;
  /** Usually a `RealtimeErrorCode`. */
  reason?: string;
  usage?: Record<string, unknown>;
  steps?: StepTiming[];
};

/** What one response or one transcription used; the ids are the provider's, so that a repeated report counts once. */
export type UsageEvent =
  | { eventId: string; kind: 'response'; usage: RealtimeUsage | null }
  | { eventId: string; kind: 'transcription'; usage: TranscriptionUsage; model?: string };

export type UsageReport = {
  sessionId: string;
  /** At most 64. */
  events: UsageEvent[];
};

/** What the broker says to a sign of life. */
export type Heartbeat = {
  /** Seconds until the broker takes the session for over; 0 when it is. */
  remainingSeconds: number;
};

/**
 * What a session needs from the broker. `createBroker` makes one over HTTP; a test or another backend may bring its own.
 * Every method rejects with a `RealtimeError`.
 */
export interface Broker {
  /** @throws RealtimeError `mint_refused`, `provider_unreachable`, `broker_unreachable` */
  mint(input: MintInput): Promise<MintedSecret>;
  /** @throws RealtimeError `turn_unavailable`, `broker_unreachable` */
  issueIceServers(): Promise<IssuedIceServers>;
  reportConnected(report: ConnectedReport): Promise<void>;
  /** Says that the call still runs, and asks for how long it may. */
  heartbeat(sessionId: string): Promise<Heartbeat>;
  /** Safe to repeat: each event counts once. Also taken for a while after the end. */
  reportUsage(report: UsageReport): Promise<void>;
  /** The same for a page that is going away; nobody hears whether it arrived. */
  reportUsageOnClose(report: UsageReport): void;
  /** Safe to repeat: the first report of a session wins. Survives a navigation that follows at once. */
  reportEnd(report: EndReport): Promise<void>;
  /** For a page that is going away: hands the report to the browser before it returns. `false` if it was not taken. */
  reportEndOnClose(report: EndReport): boolean;
  /** Called once a minute during a call, so that `reportEndOnClose` has a token that is still good. */
  refreshAccess(): Promise<void>;
}
