import type { Clock } from '../runtime.ts';
import { importPublicKey } from './node-keys.ts';

type Known = { pem: string; fetchedAtMs: number; verify?: CryptoKey; encrypt?: CryptoKey };

export type PublicKeysOptions = {
  clock: Clock;
  /** A node's key as PEM; null where there is no such node. */
  find: (nodeId: string, signal: AbortSignal | undefined) => Promise<string | null>;
};

const TTL_MS = 300_000;
const MOST = 1_000;

/** Other nodes' public keys, asked for once in a while. */
export class PublicKeys {
  readonly #options: PublicKeysOptions;
  readonly #known = new Map<string, Known>();

  constructor(options: PublicKeysOptions) {
    this.#options = options;
  }

  /** Null: there is no such node. Throws what `find` throws, and `invalid_key`. */
  async get(nodeId: string, use: 'verify' | 'encrypt', signal?: AbortSignal): Promise<CryptoKey | null> {
    const known = await this.#find(nodeId, signal);
    if (known === null) return null;
    const key = known[use] ?? (await importPublicKey(known.pem, use));
    known[use] = key;
    return key;
  }

  async #find(nodeId: string, signal: AbortSignal | undefined): Promise<Known | null> {
    const nowMs = this.#options.clock.now();
    const cached = this.#known.get(nodeId);
    if (cached !== undefined && nowMs - cached.fetchedAtMs < TTL_MS) return cached;
    const pem = await this.#options.find(nodeId, signal);
    this.#known.delete(nodeId);
    if (pem === null) return null;
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MOST && oldest !== undefined) this.#known.delete(oldest);
    const fresh: Known =
      cached?.pem === pem ? { ...cached, fetchedAtMs: nowMs } : { pem, fetchedAtMs: nowMs };
    this.#known.set(nodeId, fresh);
    return fresh;
  }
}
