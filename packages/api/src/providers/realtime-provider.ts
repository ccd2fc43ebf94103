import type { UpstreamAttempt } from '@ephemera/db';
import type { ClientSecretResponse, SessionConfig } from '@ephemera/realtime-protocol';

import type { AppError } from '../errors.ts';
import type { ProviderKey } from './provider-keys.ts';

export type MintRequest = {
  key: ProviderKey;
  ttlSeconds: number;
  session: SessionConfig;
  safetyIdentifier: string;
};

/** Both outcomes tell what was tried, so that a failed mint can be recorded as well. */
export type MintResult =
  | { ok: true; secret: ClientSecretResponse; attempts: UpstreamAttempt[] }
  | { ok: false; error: AppError; attempts: UpstreamAttempt[] };

export interface RealtimeProvider {
  /** Where a client sends its SDP offer. */
  readonly callsUrl: string;
  mint: (request: MintRequest) => Promise<MintResult>;
}
