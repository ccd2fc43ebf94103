import type { ClientSecretResponse } from '@ephemera/realtime-protocol';

import type { ProviderKey } from './provider-keys.ts';

export type MintRequest = {
  key: ProviderKey;
  ttlSeconds: number;
  /** As it goes over the wire: written out once, however many keys are tried. */
  sessionJson: string;
  safetyIdentifier: string;
  timeoutMs: number;
};

export type RetryHeaders = {
  shouldRetry: string | null;
  retryAfterMs: string | null;
  retryAfter: string | null;
};

/** The end of one try. */
export type Outcome =
  | { kind: 'issued'; status: number; secret: ClientSecretResponse; text: string }
  | { kind: 'refused'; status: number; code: string | null; headers: RetryHeaders }
  | { kind: 'invalid'; status: number | null }
  | { kind: 'unreachable'; cause: unknown }
  | { kind: 'timeout' };

export type FailedOutcome = Exclude<Outcome, { kind: 'issued' }>;

export interface RealtimeProvider {
  /** Whose keys of the pool it takes. */
  readonly id: string;
  /** Where a client sends its SDP offer. */
  readonly callsUrl: string;
  /** One try with one key. Settles within the time-out, and tells a failure by its outcome. */
  tryMint: (request: MintRequest) => Promise<Outcome>;
}
