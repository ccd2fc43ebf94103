import { parseServerEvent } from '@ephemera/realtime-protocol';
import type { ClientEvent, ServerEvent, UnknownServerEvent } from '@ephemera/realtime-protocol';

import type { EndedBy, EndReport, IcePair, MintedSecret } from '../broker/broker.ts';
import { createConversation } from '../conversation/conversation.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { RealtimeError } from '../errors.ts';
import { SessionMedia } from '../media/session-media.ts';
import type { Peer } from '../peer/peer.ts';
import { createBrowserPlatform } from '../platform/browser-platform.ts';
import type { Platform } from '../platform/platform.ts';
import { runConnectSteps } from '../steps/run-connect-steps.ts';
import type { Connection } from '../steps/run-connect-steps.ts';
import { createAttempt } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { createCallReports } from './call-reports.ts';
import type { CallReports } from './call-reports.ts';
import { createCleanup } from './cleanup.ts';
import type { Emitter } from './emitter.ts';
import type { SessionEvents, SessionWarning } from './events.ts';
import type { RealtimeSessionOptions } from './options.ts';
import { repeat } from './repeat.ts';
import { sampleStats } from './sample-stats.ts';
import type { ConnectedState, SessionState } from './state.ts';
import { DEFAULT_DEADLINES } from './steps.ts';
import type { Deadlines } from './steps.ts';
import type { SessionAction } from './transition.ts';
import { createMicrophoneSwitch } from './switch-microphone.ts';
import { watchCall } from './watch-call.ts';

const STATS_EVERY_MS = 2_000;

type CallRunOptions = {
  options: RealtimeSessionOptions;
  emitter: Emitter<SessionEvents>;
  isMuted: boolean;
  readState: () => SessionState;
  dispatch: (action: SessionAction) => void;
};

type Outcome = { endedBy: EndedBy; reason: string; error: RealtimeError | null };

/**
 * One call from the first step to the last report. `#finish` is the only way out: it releases everything, moves the state
 * and reports, once, and synchronously up to the report itself, so that it also works while a page is being closed.
 */
export class CallRun {
  readonly #options: RealtimeSessionOptions;
  readonly #emitter: Emitter<SessionEvents>;
  readonly #readState: () => SessionState;
  readonly #dispatch: (action: SessionAction) => void;
  readonly #platform: Platform;
  readonly #deadlines: Deadlines;
  readonly #cleanup = createCleanup();
  readonly #startedMs: number;
  readonly #attempt: Attempt;
  readonly #media: SessionMedia;
  readonly #conversation: Conversation;
  readonly #reports: CallReports;
  readonly #switchMicrophone: (deviceId: string) => Promise<void>;
  #peer: Peer | null = null;
  #connectedMs: number | null = null;
  #isExpiredByProvider = false;
  #outcome: Outcome | null = null;
  #reported: Promise<void> = Promise.resolve();

  /** @throws RealtimeError `unsupported` */
  constructor({ options, emitter, isMuted, readState, dispatch }: CallRunOptions) {
    this.#options = options;
    this.#emitter = emitter;
    this.#readState = readState;
    this.#dispatch = dispatch;
    this.#platform = createBrowserPlatform(options.platform);
    this.#deadlines = { ...DEFAULT_DEADLINES, ...options.deadlines };
    const { clock } = this.#platform;
    this.#startedMs = clock.monotonicMs();
    this.#attempt = createAttempt({
      clock,
      deadlines: this.#deadlines,
      onStepStarted: (step) => dispatch({ type: 'step_started', step }),
      onStepFinished: (timing) => dispatch({ type: 'step_finished', timing }),
    });
    this.#media = new SessionMedia({
      platform: this.#platform,
      emitter,
      cleanup: this.#cleanup,
      isMuted,
      startedMs: this.#startedMs,
    });
    this.#switchMicrophone = createMicrophoneSwitch({
      platform: this.#platform,
      media: this.#media,
      cleanup: this.#cleanup,
      findPeer: () => this.#peer,
    });
    this.#conversation = createConversation({ clock, emitter, trySend: (event) => this.#trySend(event) });
    this.#reports = createCallReports({
      broker: options.broker,
      clock,
      emitter,
      onTimeUp: () => this.#finish({ endedBy: 'timeout', reason: 'time_limit', error: null }),
    });
    this.#cleanup.add(() => this.#reports.stop());
    this.#cleanup.add(this.#platform.addPageCloseListener(() => this.#closeWithPage()));
  }

  get conversation(): Conversation {
    return this.#conversation;
  }

  get media(): SessionMedia {
    return this.#media;
  }

  async connect(signal: AbortSignal | undefined): Promise<ConnectedState> {
    this.#followSignal(signal);
    try {
      const connection = await runConnectSteps({
        options: this.#options,
        platform: this.#platform,
        attempt: this.#attempt,
        media: this.#media,
        cleanup: this.#cleanup,
        emitter: this.#emitter,
        onMinted: (secret) => this.#takeSecret(secret),
        onMessage: (text) => this.#receive(text),
        isSecretExpired: () => this.#isSecretExpired(),
        warn: (warning) => this.#warn(warning),
      });
      return this.#enterCall(connection);
    } catch (cause) {
      const error =
        cause instanceof RealtimeError
          ? cause
          : new RealtimeError('protocol', 'Connecting failed', { cause });
      this.#finish({ endedBy: error.code === 'aborted' ? 'user' : 'error', reason: error.code, error });
      throw error;
    }
  }

  /** Hangs up or gives up; resolves when the broker knows, or when it could not be told. */
  async end(): Promise<void> {
    const isConnected = this.#connectedMs !== null;
    this.#finish({ endedBy: 'user', reason: isConnected ? 'hung_up' : 'aborted', error: null });
    await this.#reported;
  }

  /** @throws RealtimeError `not_connected` */
  send(event: ClientEvent): void {
    if (!this.#trySend(event)) throw new RealtimeError('not_connected', 'There is no open call to send to');
  }

  /** @throws RealtimeError `microphone_*`, `not_connected` */
  async setMicrophone(deviceId: string): Promise<void> {
    await this.#switchMicrophone(deviceId);
  }

  #trySend(event: ClientEvent): boolean {
    if (!this.#peer?.send(JSON.stringify(event))) return false;
    this.#emitter.emit('event', { direction: 'out', atMs: this.#elapsedMs(), event });
    return true;
  }

  #elapsedMs(): number {
    return Math.round(this.#platform.clock.monotonicMs() - this.#startedMs);
  }

  #warn(warning: SessionWarning): void {
    this.#emitter.emit('warning', warning);
  }

  #followSignal(signal: AbortSignal | undefined): void {
    if (!signal) return;
    const give = () => void this.end();
    if (signal.aborted) return give();
    signal.addEventListener('abort', give);
    this.#cleanup.add(() => signal.removeEventListener('abort', give));
  }

  /** A secret that comes after the attempt was given up still has a row at the broker: it is closed there at once. */
  #takeSecret({ sessionId, model, expiresAt, serverTime, warnings }: MintedSecret): void {
    const { clock } = this.#platform;
    const skewMs = serverTime.getTime() - clock.now();
    const secretExpiresAt = new Date(expiresAt.getTime() - skewMs);
    this.#reports.begin(sessionId);
    this.#dispatch({ type: 'minted', secret: { sessionId, model, secretExpiresAt, warnings } });
    if (this.#outcome) this.#reported = this.#reports.end(this.#createEndReport(sessionId, this.#outcome));
  }

  #isSecretExpired(): boolean {
    const state = this.#readState();
    const expiresAt = state.status === 'connecting' ? state.secret?.secretExpiresAt : undefined;
    return expiresAt !== undefined && expiresAt.getTime() <= this.#platform.clock.now();
  }

  #receive(text: string): void {
    const event = parseServerEvent(text);
    if (event === null) {
      const error = new RealtimeError('protocol', 'The provider sent something that is no event');
      return this.#warn({ code: 'unreadable_event', error });
    }
    this.#emitter.emit('event', { direction: 'in', atMs: this.#elapsedMs(), event });
    if (isUnknown(event)) return this.#emitter.emit('unknown_event', event);
    if (event.type === 'error' && event.error.code === 'session_expired') this.#isExpiredByProvider = true;
    this.#reports.receive(event);
    this.#conversation.receive(event);
    this.#emitter.emit(event.type, event);
  }

  #enterCall({ peer, callId }: Connection): ConnectedState {
    if (this.#outcome) throw this.#outcome.error ?? new RealtimeError('aborted', 'The attempt was given up');
    const { clock } = this.#platform;
    this.#peer = peer;
    this.#connectedMs = clock.monotonicMs();
    this.#dispatch({ type: 'connected', connectedAt: new Date(clock.now()), callId });
    this.#watch(peer);
    void this.#reportConnected(peer, callId);
    const state = this.#readState();
    if (state.status === 'connected') return state;
    throw new RealtimeError('channel_closed', 'The call ended as soon as it began');
  }

  #watch(peer: Peer): void {
    const { clock } = this.#platform;
    const { disconnectedMs } = this.#deadlines;
    const onPathChange = (path: 'live' | 'interrupted') => this.#dispatch({ type: 'path_changed', path });
    const onLost = (error: RealtimeError) => this.#lose(error);
    this.#cleanup.add(watchCall({ peer, clock, disconnectedMs, onPathChange, onLost }));
    this.#cleanup.add(repeat(clock, STATS_EVERY_MS, () => void this.#sample(peer)));
  }

  async #sample(peer: Peer): Promise<IcePair | null> {
    const isOver = () => this.#cleanup.isDone;
    const stats = await sampleStats({ peer, emitter: this.#emitter, isOver });
    if (!stats?.icePair) return null;
    this.#dispatch({ type: 'pair_selected', icePair: stats.icePair });
    return stats.icePair;
  }

  async #reportConnected(peer: Peer, callId: string | null): Promise<void> {
    const icePair = await this.#sample(peer);
    const state = this.#readState();
    if (state.status !== 'connected') return;
    await this.#reports.connected({
      sessionId: state.secret.sessionId,
      transport: 'webrtc',
      steps: [...state.steps],
      ...(callId === null ? {} : { callId }),
      ...(icePair === null ? {} : { icePair }),
    });
  }

  #lose(error: RealtimeError): void {
    if (this.#isExpiredByProvider) {
      const expired = new RealtimeError(
        'session_expired',
        'The call reached the longest time the provider allows',
      );
      return this.#finish({ endedBy: 'timeout', reason: 'session_expired', error: expired });
    }
    this.#finish({ endedBy: 'error', reason: error.code, error });
  }

  #closeWithPage(): void {
    this.#finish({ endedBy: 'user', reason: 'page_closed', error: null }, true);
  }

  #finish(outcome: Outcome, isPageClosing = false): void {
    if (this.#outcome) return;
    this.#outcome = outcome;
    const { endedBy, reason, error } = outcome;
    const { status } = this.#readState();
    this.#attempt.abort(error ?? new RealtimeError('aborted', 'The attempt was given up'));
    this.#cleanup.run();
    const isFailure = status === 'connecting' && error !== null && error.code !== 'aborted';
    const durationSeconds = this.#durationSeconds();
    this.#dispatch(
      isFailure
        ? { type: 'failed', error }
        : { type: 'ended', endedBy, reason, error, durationSeconds, ...this.#conversation.summarize() },
    );
    const state = this.#readState();
    if ((state.status !== 'ended' && state.status !== 'failed') || !state.secret) return;
    const report = this.#createEndReport(state.secret.sessionId, outcome);
    if (isPageClosing) this.#reports.endOnClose(report);
    else this.#reported = this.#reports.end(report);
  }

  #durationSeconds(): number {
    if (this.#connectedMs === null) return 0;
    return Math.round(this.#platform.clock.monotonicMs() - this.#connectedMs) / 1_000;
  }

  #createEndReport(sessionId: string, { endedBy, reason }: Outcome): EndReport {
    const { messageCount, usage } = this.#conversation.summarize();
    const state = this.#readState();
    return {
      sessionId,
      duration: state.status === 'ended' ? state.durationSeconds : 0,
      messageCount,
      endedBy,
      ...(reason === 'hung_up' ? {} : { reason }),
      ...(usage === null ? {} : { usage }),
      ...('steps' in state ? { steps: [...state.steps] } : {}),
    };
  }
}

function isUnknown(event: ServerEvent | UnknownServerEvent): event is UnknownServerEvent {
  return event['unknown'] === true;
}
