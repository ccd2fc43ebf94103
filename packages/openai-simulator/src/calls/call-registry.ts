import type { Call, CallSummary } from './call.ts';

const KEPT_ENDED_CALLS = 200;

/** All calls by id. It holds the references that keep their connections from being collected as garbage. */
export class CallRegistry {
  readonly #calls = new Map<string, Call>();

  add(call: Call): void {
    this.#calls.set(call.id, call);
    const ended = [...this.#calls.values()].filter((known) => known.isEnded);
    for (const old of ended.slice(0, Math.max(0, ended.length - KEPT_ENDED_CALLS)))
      this.#calls.delete(old.id);
  }

  findActive(id: string): Call | null {
    const call = this.#calls.get(id);
    return call === undefined || call.isEnded ? null : call;
  }

  list(): CallSummary[] {
    return [...this.#calls.values()].map((call) => call.summary);
  }

  hangUpAll(): void {
    for (const call of this.#calls.values()) call.hangUp();
  }

  clear(): void {
    this.#calls.clear();
  }
}
