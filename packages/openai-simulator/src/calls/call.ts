import type { AudioOutput } from '../core/audio-output.ts';
import type { Timer } from '../core/clock.ts';
import type { ServerEvent } from '../core/events.ts';
import { createMind } from '../core/mind.ts';
import { RealtimeSession } from '../core/session.ts';
import type { EffectiveSession } from '../core/session-config.ts';
import type { SelectedPair } from '../engine/peer.ts';
import type { FaultAction } from '../faults/fault.ts';
import type { Simulation } from '../simulation.ts';

/** The caller's side of a call: a peer connection or a socket. */
export interface Transport {
  readonly kind: 'webrtc' | 'websocket';
  readonly output: AudioOutput;
  send(text: string): void;
  /** Takes away only what carries the events. */
  closeChannel(): void;
  close(): void;
  findSelectedPair(): SelectedPair | null;
}

/** A second socket on a running call. */
export interface Observer {
  send(text: string): void;
  close(): void;
}

export type CallSummary = {
  id: string;
  transport: Transport['kind'];
  state: 'waiting' | 'active' | 'ended';
  startedAt: string;
  sessionId: string;
  model: string | null;
  safetyIdentifier: string | null;
  responses: number;
  selectedPair: SelectedPair | null;
};

export type CallOptions = {
  id: string;
  simulation: Simulation;
  session: EffectiveSession;
  safetyIdentifier: string | null;
  faults: readonly FaultAction[];
};

/** An answer that nobody takes up must not hold a port for ever. */
const CONNECT_DEADLINE_MS = 30_000;

/** One realtime call: a session, the transport that it speaks over and whoever listens in. */
export class Call {
  readonly id: string;
  readonly session: RealtimeSession;
  readonly #options: CallOptions;
  readonly #transport: Transport;
  readonly #observers = new Set<Observer>();
  readonly #startedAt = new Date().toISOString();
  #state: CallSummary['state'] = 'waiting';
  #responses = 0;
  #lastPair: SelectedPair | null = null;
  readonly #patience: Timer;

  constructor(options: CallOptions, transport: Transport) {
    this.id = options.id;
    this.#options = options;
    this.#transport = transport;
    const { clock, createId, voice, answerDelayMs } = options.simulation.options;
    this.session = new RealtimeSession(
      {
        clock,
        createId,
        voice,
        mind: createMind({ script: options.simulation.script, answerDelayMs }),
        output: transport.output,
        deliver: (event) => this.#deliver(event),
        onExpired: () => this.hangUp(),
      },
      options.session,
    );
    this.#patience = clock.after(CONNECT_DEADLINE_MS, () => this.hangUp());
  }

  get isEnded(): boolean {
    return this.#state === 'ended';
  }

  get summary(): CallSummary {
    const { session } = this;
    return {
      id: this.id,
      transport: this.#transport.kind,
      state: this.#state,
      startedAt: this.#startedAt,
      sessionId: session.config.id,
      model: session.config.type === 'realtime' ? session.config.model : null,
      safetyIdentifier: this.#options.safetyIdentifier,
      responses: this.#responses,
      selectedPair: this.#transport.findSelectedPair() ?? this.#lastPair,
    };
  }

  /** The channel is open. */
  start(): void {
    if (this.#state !== 'waiting') return;
    this.#patience.cancel();
    this.#state = 'active';
    this.#lastPair = this.#transport.findSelectedPair();
    this.session.start();
    for (const fault of this.#options.faults) this.#schedule(fault);
  }

  observe(observer: Observer): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** The caller is gone. Whoever listens in is told nothing, as with the provider. */
  end(): void {
    this.#lastPair = this.#transport.findSelectedPair() ?? this.#lastPair;
    this.#patience.cancel();
    this.#state = 'ended';
    this.session.end();
  }

  hangUp(): void {
    if (this.isEnded) return;
    this.end();
    this.#transport.close();
    for (const observer of this.#observers) observer.close();
    this.#observers.clear();
  }

  #deliver(event: ServerEvent): void {
    if (event.type === 'response.done') this.#responses += 1;
    const text = JSON.stringify(event);
    this.#transport.send(text);
    for (const observer of this.#observers) observer.send(text);
  }

  #schedule(fault: FaultAction): void {
    const { clock } = this.#options.simulation.options;
    if (fault.kind === 'close_channel') {
      clock.after(fault.afterMs, () => this.#transport.closeChannel());
    }
    if (fault.kind === 'error_event') {
      const message =
        fault.message ?? 'The server had an error while processing your request. Sorry about that!';
      const refusal = { message, param: null, code: fault.code ?? null };
      clock.after(fault.afterMs, () => this.session.refuse(refusal, null, fault.type ?? 'server_error'));
    }
  }
}
