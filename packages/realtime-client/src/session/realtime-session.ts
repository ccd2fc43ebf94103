import type { ClientEvent } from '@ephemera/realtime-protocol';

import type { TranscriptItem } from '../conversation/transcript.ts';
import { RealtimeError } from '../errors.ts';
import { CallRun } from './call-run.ts';
import { createEmitter } from './emitter.ts';
import type { Emitter } from './emitter.ts';
import type { SessionEventName, SessionEvents } from './events.ts';
import type { RealtimeSessionOptions } from './options.ts';
import type { ConnectedState, EndedState, SessionState } from './state.ts';
import { transition } from './transition.ts';
import type { SessionAction } from './transition.ts';

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

/** Prepares a call; nothing is asked for, opened or touched before `connect()`. */
export function createRealtimeSession(options: RealtimeSessionOptions): RealtimeSession {
  return new Session(options);
}

class Session implements RealtimeSession {
  readonly #options: RealtimeSessionOptions;
  readonly #emitter: Emitter<SessionEvents> = createEmitter();
  #state: SessionState = { status: 'idle' };
  #isMuted: boolean;
  #run: CallRun | null = null;

  constructor(options: RealtimeSessionOptions) {
    this.#options = options;
    this.#isMuted = options.isMuted ?? false;
  }

  get state(): SessionState {
    return this.#state;
  }

  get transcript(): readonly TranscriptItem[] {
    return this.#run?.conversation.listItems() ?? [];
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  async connect({ signal }: { signal?: AbortSignal } = {}): Promise<ConnectedState> {
    if (this.#run)
      throw new RealtimeError('protocol', 'A session connects once; make another one for another call');
    this.#dispatch({ type: 'step_started', step: 'token' });
    try {
      this.#run = this.#createRun();
    } catch (cause) {
      const error = toPlatformError(cause);
      this.#dispatch({ type: 'failed', error });
      throw error;
    }
    return await this.#run.connect(signal);
  }

  async end(): Promise<EndedState | null> {
    await this.#run?.end();
    return this.#state.status === 'ended' ? this.#state : null;
  }

  on<Name extends SessionEventName>(name: Name, listener: (event: SessionEvents[Name]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  setMuted(isMuted: boolean): void {
    if (isMuted === this.#isMuted) return;
    this.#isMuted = isMuted;
    this.#run?.media.setMuted(isMuted);
    this.#emitter.emit('muted', isMuted);
  }

  async setMicrophone(deviceId: string): Promise<void> {
    await this.#getRun().setMicrophone(deviceId);
  }

  sendText(text: string): void {
    this.#getRun().conversation.sendText(text);
  }

  interrupt(): void {
    this.#getRun().conversation.interrupt();
  }

  send(event: ClientEvent): void {
    this.#getRun().send(event);
  }

  async resumePlayback(): Promise<void> {
    await this.#run?.media.resumePlayback();
  }

  #createRun(): CallRun {
    return new CallRun({
      options: this.#options,
      emitter: this.#emitter,
      isMuted: this.#isMuted,
      readState: () => this.#state,
      dispatch: (action) => this.#dispatch(action),
    });
  }

  #getRun(): CallRun {
    if (this.#run && this.#state.status === 'connected') return this.#run;
    throw new RealtimeError('not_connected', 'There is no call');
  }

  #dispatch(action: SessionAction): void {
    const next = transition(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    this.#emitter.emit('state', next);
  }
}

function toPlatformError(cause: unknown): RealtimeError {
  return cause instanceof RealtimeError
    ? cause
    : new RealtimeError('unsupported', 'The platform could not be prepared for a call', { cause });
}
