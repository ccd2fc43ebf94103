import type { TurnDetection } from '@ephemera/realtime-protocol';

import {
  advanceVad,
  createVadSettings,
  FRAME_MS,
  FRAME_SAMPLES,
  measureLevelDb,
  SAMPLE_RATE,
  SILENT_VAD,
  type VadEvent,
} from './vad.ts';

/** A committed stretch of the user's audio. `speechMs` runs from its first voiced frame to its last. */
export type HeardAudio = { readonly audioMs: number; readonly speechMs: number };

/**
 * The input buffer of a session. It keeps durations and levels, never samples: nothing here recognises speech,
 * so there is nothing to keep them for.
 */
export class InputAudio {
  #remainder = new Int16Array(0);
  #vad = SILENT_VAD;
  #settings = createVadSettings(null);
  #isAutomatic = false;
  #bufferedMs = 0;
  #voiced: { firstMs: number; lastMs: number } | null = null;
  readonly #onVad: (event: VadEvent) => void;

  constructor(onVad: (event: VadEvent) => void) {
    this.#onVad = onVad;
  }

  get isSpeaking(): boolean {
    return this.#isAutomatic && this.#vad.phase.kind === 'speech';
  }

  configure(detection: TurnDetection | null): void {
    this.#settings = createVadSettings(detection);
    this.#isAutomatic = detection !== null;
  }

  append(pcm: Int16Array): void {
    const joined = new Int16Array(this.#remainder.length + pcm.length);
    joined.set(this.#remainder);
    joined.set(pcm, this.#remainder.length);
    let offset = 0;
    for (; offset + FRAME_SAMPLES <= joined.length; offset += FRAME_SAMPLES) {
      this.#pushFrame(joined.subarray(offset, offset + FRAME_SAMPLES));
    }
    this.#remainder = joined.slice(offset);
  }

  /** Takes what is buffered, for a commit by the client. */
  take(): HeardAudio {
    const restMs = (this.#remainder.length * 1_000) / SAMPLE_RATE;
    const heard = {
      audioMs: Math.round(this.#bufferedMs + restMs),
      speechMs: this.#voiced === null ? 0 : this.#voiced.lastMs - this.#voiced.firstMs,
    };
    this.clear();
    return heard;
  }

  clear(): void {
    this.#remainder = new Int16Array(0);
    this.#bufferedMs = 0;
    this.#voiced = null;
    this.#vad = { ...this.#vad, phase: { kind: 'quiet', voicedMs: 0 } };
  }

  #pushFrame(frame: Int16Array): void {
    const step = advanceVad(this.#vad, measureLevelDb(frame), this.#settings);
    this.#vad = step.state;
    this.#bufferedMs += FRAME_MS;
    if (step.isVoiced) {
      const lastMs = step.state.timeMs;
      this.#voiced = { firstMs: this.#voiced?.firstMs ?? lastMs - FRAME_MS, lastMs };
    }
    if (!this.#isAutomatic || step.event === null) return;
    if (step.event.kind === 'stopped') {
      this.#bufferedMs = 0;
      this.#voiced = null;
    }
    this.#onVad(step.event);
  }
}
