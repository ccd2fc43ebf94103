import type { Clock, Timer } from './clock.ts';
import { SAMPLE_RATE } from './vad.ts';

export type PlaybackHooks = {
  onStarted(): void;
  /** Called for each piece as it leaves, with the total so far. */
  onProgress(playedMs: number, chunk: Int16Array): void;
  onFinished(): void;
};

export interface Playback {
  playedMs(): number;
  stop(): void;
}

/** Where an answer's sound goes: a media track that plays in real time, or the events of a socket. */
export interface AudioOutput {
  readonly carriage: 'track' | 'events';
  play(pcm: Int16Array, hooks: PlaybackHooks): Playback;
}

const CHUNK_MS = 200;
const CHUNK_INTERVAL_MS = 50;

export const samplesToMs = (samples: number): number => (samples * 1_000) / SAMPLE_RATE;

class EventPlayback implements Playback {
  readonly #clock: Clock;
  readonly #pcm: Int16Array;
  readonly #hooks: PlaybackHooks;
  #offset = 0;
  #timer: Timer;
  #isStopped = false;

  constructor(clock: Clock, pcm: Int16Array, hooks: PlaybackHooks) {
    this.#clock = clock;
    this.#pcm = pcm;
    this.#hooks = hooks;
    this.#timer = clock.after(0, () => this.#step(true));
  }

  playedMs(): number {
    return samplesToMs(this.#offset);
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer.cancel();
  }

  #step(isFirst: boolean): void {
    if (isFirst) this.#hooks.onStarted();
    const end = Math.min(this.#pcm.length, this.#offset + (SAMPLE_RATE * CHUNK_MS) / 1_000);
    const chunk = this.#pcm.subarray(this.#offset, end);
    this.#offset = end;
    this.#hooks.onProgress(this.playedMs(), chunk);
    if (this.#isStopped) return;
    if (end >= this.#pcm.length) this.#hooks.onFinished();
    else this.#timer = this.#clock.after(CHUNK_INTERVAL_MS, () => this.#step(false));
  }
}

/** Sound inside the events of a socket, some four times faster than it will be heard, as the provider does it. */
export function createEventAudioOutput(clock: Clock): AudioOutput {
  return { carriage: 'events', play: (pcm, hooks) => new EventPlayback(clock, pcm, hooks) };
}
