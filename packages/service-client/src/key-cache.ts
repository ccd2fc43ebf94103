import { type CacheState, type CacheWindows, decideMove } from './cache-move.ts';
import { KeyClientError } from './errors.ts';
import type { KeyServer } from './key-server.ts';
import type { ProviderKey } from './provider-key.ts';
import { raceDeadline, type Runtime } from './runtime.ts';

export type KeyCacheParts = {
  server: KeyServer;
  runtime: Runtime;
  windows: CacheWindows;
  requestTimeoutMs: number;
};

type Outcome = { ok: true; keys: readonly ProviderKey[] } | { ok: false; error: KeyClientError };
type Flight = { outcome: Promise<Outcome>; startedAtMs: number };
type Slot = CacheState & { provider: string; flight: Flight | null };

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 15_000;
const WAITER_GRACE_MS = 100;

/**
 * Only these two are the key server's no, after which the keys it gave earlier must not be used on. Anything else, a
 * proxy's 404 or redirect as well, is an outage.
 */
function isDenial({ code }: KeyClientError): boolean {
  return code === 'unauthorized' || code === 'forbidden';
}

/** One list for each provider, each with its own time. Every method rejects with KeyClientError. */
export class KeyCache {
  readonly #parts: KeyCacheParts;
  readonly #slots = new Map<string, Slot>();
  #deniedAtMs = -Infinity;

  constructor(parts: KeyCacheParts) {
    this.#parts = parts;
  }

  /** The keys in the server's order, maybe none. */
  async get(provider: string): Promise<readonly ProviderKey[]> {
    const slot = this.#findSlot(provider);
    const move = decideMove(slot, this.#now(), this.#parts.windows);
    if (move.kind === 'fail') throw move.error;
    if (move.kind === 'wait') return await this.#wait(slot, move.lastGood);
    if (move.kind === 'serve_while_refreshing') this.#joinFlight(slot);
    return move.keys;
  }

  /** The same, asked anew unless the list is younger than `maxAgeMs`, or the server is known to be away. */
  async getNewerThan(provider: string, maxAgeMs: number): Promise<readonly ProviderKey[]> {
    const slot = this.#findSlot(provider);
    const nowMs = this.#now();
    const isYoung = slot.list !== null && nowMs - slot.list.fetchedAtMs < maxAgeMs;
    const isHeldBack = slot.failure !== null && nowMs < slot.failure.retryAtMs;
    if (isYoung || isHeldBack) return slot.list?.keys ?? [];
    return await this.#wait(slot, null);
  }

  #now(): number {
    return this.#parts.runtime.clock.now();
  }

  #findSlot(provider: string): Slot {
    const slot = this.#slots.get(provider) ?? { provider, list: null, failure: null, flight: null };
    this.#slots.set(provider, slot);
    return slot;
  }

  async #wait(slot: Slot, lastGood: readonly ProviderKey[] | null): Promise<readonly ProviderKey[]> {
    const outcome = await this.#awaitFlight(slot);
    if (outcome.ok) return outcome.keys;
    if (lastGood !== null && !isDenial(outcome.error)) return lastGood;
    throw outcome.error;
  }

  /** Workers cancel the fetch of a request that has gone away: whoever waits for another's has an own deadline. */
  async #awaitFlight(slot: Slot): Promise<Outcome> {
    const { runtime, requestTimeoutMs, server } = this.#parts;
    const beganAtMs = this.#now();
    for (let round = 0; round < 2; round += 1) {
      const flight = this.#joinFlight(slot);
      const outcome = await raceDeadline(runtime.clock, requestTimeoutMs + WAITER_GRACE_MS, flight.outcome);
      if (outcome !== 'expired') return outcome;
      if (slot.list !== null && slot.list.fetchedAtMs >= beganAtMs) return { ok: true, keys: slot.list.keys };
      if (slot.flight === flight) slot.flight = null;
    }
    const message = `The key server ${server.origin} did not answer in time.`;
    return { ok: false, error: new KeyClientError('server_unreachable', message) };
  }

  /** One request at a time for each provider. One that never came back is given up when its time is over. */
  #joinFlight(slot: Slot): Flight {
    const { runtime, requestTimeoutMs } = this.#parts;
    const nowMs = this.#now();
    if (slot.flight !== null && nowMs - slot.flight.startedAtMs < requestTimeoutMs * 2) return slot.flight;
    const flight: Flight = { outcome: this.#load(slot), startedAtMs: nowMs };
    slot.flight = flight;
    runtime.waitUntil(this.#release(slot, flight));
    return flight;
  }

  async #release(slot: Slot, flight: Flight): Promise<void> {
    await flight.outcome;
    if (slot.flight === flight) slot.flight = null;
  }

  async #load(slot: Slot): Promise<Outcome> {
    const startedAtMs = this.#now();
    try {
      const keys = await this.#parts.server.fetchKeys(slot.provider);
      const isOverruled = startedAtMs < this.#deniedAtMs || startedAtMs < (slot.list?.fetchedAtMs ?? 0);
      if (!isOverruled) {
        slot.list = { keys, fetchedAtMs: startedAtMs };
        slot.failure = null;
      }
      return { ok: true, keys };
    } catch (error) {
      if (!(error instanceof KeyClientError)) throw error;
      this.#recordFailure(slot, error);
      return { ok: false, error };
    }
  }

  #recordFailure(slot: Slot, error: KeyClientError): void {
    if (isDenial(error)) {
      // The secret is the same for all providers, so is the answer. It is not remembered: the next call asks again.
      this.#deniedAtMs = this.#now();
      for (const known of this.#slots.values()) forget(known);
      return;
    }
    const count = (slot.failure?.count ?? 0) + 1;
    slot.failure = { error, count, retryAtMs: this.#now() + this.#chooseWaitMs(error, count) };
  }

  #chooseWaitMs({ retryAfterMs }: KeyClientError, failures: number): number {
    const longestMs = Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LONGEST_BACKOFF_MS);
    return retryAfterMs ?? longestMs * (0.5 + this.#parts.runtime.random() / 2);
  }
}

function forget(slot: Slot): void {
  slot.list = null;
  slot.failure = null;
}
