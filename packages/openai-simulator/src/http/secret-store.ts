import type { SessionConfig } from '@ephemera/realtime-protocol';

import type { CreateId } from '../core/ids.ts';
import { createEffectiveSession, type EffectiveSession } from '../core/session-config.ts';

export type ClientSecret = {
  value: string;
  expiresAtSeconds: number;
  session: EffectiveSession;
  asked: SessionConfig | undefined;
  safetyIdentifier: string | null;
  isStarted: boolean;
};

const KEPT_AFTER_EXPIRY_SECONDS = 3_600;
const SWEEP_EVERY = 1_000;

/** The ephemeral secrets given out, by value. Expired ones are kept for an hour to tell them from invented ones. */
export class SecretStore {
  readonly #secrets = new Map<string, ClientSecret>();
  readonly #createId: CreateId;
  readonly #nowSeconds: () => number;

  constructor(createId: CreateId, nowSeconds: () => number) {
    this.#createId = createId;
    this.#nowSeconds = nowSeconds;
  }

  create(request: {
    ttlSeconds: number;
    asked: SessionConfig | undefined;
    safetyIdentifier: string | null;
  }): ClientSecret {
    const secret: ClientSecret = {
      value: this.#createId('ek_') + this.#createId(''),
      expiresAtSeconds: Math.floor(this.#nowSeconds()) + request.ttlSeconds,
      session: createEffectiveSession(this.#createId('sess_'), request.asked),
      asked: request.asked,
      safetyIdentifier: request.safetyIdentifier,
      isStarted: false,
    };
    this.#secrets.set(secret.value, secret);
    if (this.#secrets.size % SWEEP_EVERY === 0) this.#sweep();
    return secret;
  }

  find(value: string): ClientSecret | null {
    return this.#secrets.get(value) ?? null;
  }

  isExpired(secret: ClientSecret): boolean {
    return this.#nowSeconds() >= secret.expiresAtSeconds;
  }

  /** Ends the life of that secret, or of all where it is none. Running calls go on: expiry limits only the start. */
  expire(presented: string | null): void {
    const nowSeconds = Math.floor(this.#nowSeconds());
    const one = presented === null ? undefined : this.#secrets.get(presented);
    for (const secret of this.#secrets.values()) {
      if (one === undefined || secret === one)
        secret.expiresAtSeconds = Math.min(secret.expiresAtSeconds, nowSeconds);
    }
  }

  clear(): void {
    this.#secrets.clear();
  }

  #sweep(): void {
    const oldest = this.#nowSeconds() - KEPT_AFTER_EXPIRY_SECONDS;
    for (const [value, secret] of this.#secrets)
      if (secret.expiresAtSeconds < oldest) this.#secrets.delete(value);
  }
}
