import type { ClientEvent } from '@ephemera/realtime-protocol';

import type { TranscriptItem } from '../conversation/transcript.ts';
import type { SessionEventName, SessionEvents } from './events.ts';
import type { ConnectedState, EndedState, SessionState } from './state.ts';

/**
 * One call: made, connected once, ended once. For another call make another session.
 *
 * Errors never escape as unhandled rejections: they are in `state`, and in the promise that was asked for.
 */
export type RealtimeSession = {
  /** The present state; every change is also emitted as `state`. */
  readonly state: SessionState;
  readonly transcript: readonly TranscriptItem[];
  readonly isMuted: boolean;

  /**
   * Runs the six steps. Call it synchronously in a click or key handler: the audio element is unlocked before the first
   * `await`. A `signal` that aborts has the effect of `end()`.
   * @throws RealtimeError with the code of the step that failed; `aborted` when it was given up
   */
  connect(options?: { signal?: AbortSignal }): Promise<ConnectedState>;

  /**
   * Hangs up, releases microphone and network, and reports to the broker. Resolves when the report is delivered or given up
   * (then a `warning` was emitted). Safe to call at any time and more than once. `null`: it never began, or it failed.
   */
  end(): Promise<EndedState | null>;

  /** Listens; the result stops listening. */
  on<Name extends SessionEventName>(name: Name, listener: (event: SessionEvents[Name]) => void): () => void;

  /** Mutes or unmutes the microphone; may be called before `connect()`. */
  setMuted(isMuted: boolean): void;

  /** Switches the microphone without interrupting the call. @throws RealtimeError `microphone_*`, `not_connected` */
  setMicrophone(deviceId: string): Promise<void>;

  /** Says something in writing and asks for an answer. @throws RealtimeError `not_connected` */
  sendText(text: string): void;

  /** Silences the answer that is being spoken; the conversation keeps only what was heard. @throws RealtimeError `not_connected` */
  interrupt(): void;

  /** Sends any client event. @throws RealtimeError `not_connected` */
  send(event: ClientEvent): void;

  /** After `playback_blocked`, inside a click handler. @throws RealtimeError `playback_blocked` if it is still refused */
  resumePlayback(): Promise<void>;
};
