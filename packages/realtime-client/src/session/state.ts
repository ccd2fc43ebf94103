import type { EndedBy, IcePair } from '../broker/broker.ts';
import type { SessionUsage } from '../conversation/usage.ts';
import type { RealtimeError } from '../errors.ts';
import type { ConnectStep, StepTiming } from './steps.ts';

/** What is known once the secret is minted. */
export type SecretFacts = {
  sessionId: string;
  model: string | null;
  /** On this device's clock (the broker's time difference is taken out): until when a call may be *started*. */
  secretExpiresAt: Date;
  warnings: readonly { code: string; message: string }[];
};

export type IdleState = { status: 'idle' };

export type ConnectingState = {
  status: 'connecting';
  step: ConnectStep;
  steps: readonly StepTiming[];
  /** `null` until the step `token` is done. */
  secret: SecretFacts | null;
};

export type ConnectedState = {
  status: 'connected';
  secret: SecretFacts;
  steps: readonly StepTiming[];
  /** When the call became usable, on this device's clock. */
  connectedAt: Date;
  /** The provider's `rtc_…`, where it is readable. */
  callId: string | null;
  /** `null` until the first statistics are in. */
  icePair: IcePair | null;
  /** `interrupted`: the network path is gone for the moment; it often comes back within seconds. */
  path: 'live' | 'interrupted';
};

/** The call is over, or was given up by the person before it began (`reason: 'aborted'`). */
export type EndedState = {
  status: 'ended';
  /** `null` when it was given up before the mint. */
  secret: SecretFacts | null;
  steps: readonly StepTiming[];
  endedBy: EndedBy;
  /** `hung_up`, `page_closed`, or the code of what went wrong. */
  reason: string;
  error: RealtimeError | null;
  /** 0 when it never connected. */
  durationSeconds: number;
  messageCount: number;
  usage: SessionUsage | null;
};

/** It never became a call. */
export type FailedState = {
  status: 'failed';
  error: RealtimeError;
  secret: SecretFacts | null;
  steps: readonly StepTiming[];
};

export type SessionState = IdleState | ConnectingState | ConnectedState | EndedState | FailedState;
