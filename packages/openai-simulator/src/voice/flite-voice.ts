import { Worker } from 'node:worker_threads';

import type { Voice } from '../core/voice.ts';
import type { SpeakReply, SpeakRequest } from './flite-worker.ts';

const CACHED_ANSWERS = 64;

/** The four speakers of flite, shared out among the provider's ten names. */
const SPEAKERS: Readonly<Record<string, string>> = {
  cedar: 'rms',
  echo: 'rms',
  verse: 'rms',
  ash: 'awb',
  ballad: 'kal16',
};
const DEFAULT_SPEAKER = 'slt';

type Waiting = { resolve(pcm: Int16Array): void; reject(error: Error): void };

/** Speech by flite in a thread of its own: 15 to 130 ms per answer, which would break the 20 ms heartbeat here. */
export class FliteVoice implements Voice {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #cache = new Map<string, Promise<Int16Array>>();
  #nextId = 1;
  #failure: Error | null = null;

  /** @param folder for short-lived files; must exist until the voice is closed. */
  constructor(folder: string) {
    this.#worker = new Worker(new URL('flite-worker.ts', import.meta.url), {
      name: 'voice',
      workerData: { folder },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.#worker.on('message', (reply: SpeakReply) => this.#settle(reply));
    this.#worker.on('error', (error: Error) => this.#fail(error));
  }

  speak(text: string, options: { voice: string; speed: number }): Promise<Int16Array> {
    const voice = SPEAKERS[options.voice] ?? DEFAULT_SPEAKER;
    const key = JSON.stringify([voice, options.speed, text]);
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const pcm = this.#ask({ id: this.#nextId++, text, voice, speed: options.speed });
    this.#cache.set(key, pcm);
    const oldest = this.#cache.keys().next();
    if (this.#cache.size > CACHED_ANSWERS && !oldest.done) this.#cache.delete(oldest.value);
    return pcm;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(request: SpeakRequest): Promise<Int16Array> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<Int16Array>();
    this.#waiting.set(request.id, { resolve, reject });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    this.#worker.postMessage(request);
    return promise;
  }

  #settle(reply: SpeakReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('pcm' in reply) waiting?.resolve(reply.pcm);
    else waiting?.reject(new Error(reply.error));
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
