import { FRAME_MS } from '../core/vad.ts';

const MAXIMUM_CATCH_UP_FRAMES = 10;

/**
 * One heartbeat of 20 ms for all calls. A late tick is followed by the frames that it owes; after a long stop of
 * the process the debt is dropped.
 */
export class Pacer {
  readonly #subscribers = new Set<() => void>();
  #timer: NodeJS.Timeout | null = null;
  #nextMs = 0;

  /** Calls `tick` every 20 ms until the returned function is called. */
  subscribe(tick: () => void): () => void {
    this.#subscribers.add(tick);
    if (this.#timer === null) {
      this.#nextMs = performance.now();
      this.#beat();
    }
    return () => this.#subscribers.delete(tick);
  }

  #beat(): void {
    this.#timer = null;
    if (this.#subscribers.size === 0) return;
    const nowMs = performance.now();
    const owed = Math.floor((nowMs - this.#nextMs) / FRAME_MS) + 1;
    for (let frame = 0; frame < Math.min(owed, MAXIMUM_CATCH_UP_FRAMES); frame += 1) {
      for (const tick of this.#subscribers) tick();
    }
    this.#nextMs += Math.max(0, owed) * FRAME_MS;
    this.#timer = setTimeout(() => this.#beat(), Math.max(1, this.#nextMs - performance.now()));
  }
}
