import type { Database } from '@ephemera/db';

import type { IdSource } from './ids.ts';
import type { KeyPool } from './pool/key-pool.ts';
import type { MintPolicy } from './pool/mint-policy.ts';
import type { KeyFingerprint } from './providers/key-fingerprint.ts';
import type { KeySecrets } from './providers/key-secrets.ts';
import type { KeyTester } from './providers/key-tester.ts';
import type { RealtimeProvider } from './providers/realtime-provider.ts';
import type { TurnProvider } from './providers/turn-provider.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { Vault } from './vault/create-vault.ts';

export type UserRole = 'user' | 'viewer' | 'developer' | 'operator' | 'owner';

export type UserActor = { kind: 'user'; id: string; role: UserRole; name?: string; email?: string };

/** A service of ours that holds one of the named internal secrets; `id` is that name. */
export type InternalActor = { kind: 'internal'; id: string };

/** Whoever makes a request. */
export type Actor = UserActor | InternalActor | { kind: 'anonymous' };

export interface Clock {
  /** Unix time in milliseconds. */
  now: () => number;
}

export interface Logger {
  info: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
  warn: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
  error: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
}

export type TtlSettings = { defaultSeconds: number; maxSeconds: number };

export type ApiSettings = {
  tokenTtl: TtlSettings;
  mint: MintPolicy;
  turn: { ttl: TtlSettings; issuesPerHour: number };
  /** Requests of one internal secret, and refused ones of one address. */
  internal: { readsPerMinute: number; reportsPerMinute: number; refusalsPerMinute: number };
};

/** What the composition root gives to every request. */
export type ApiDependencies = {
  database: Database;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  provider: RealtimeProvider;
  /** Null: no keyring is set, so no key can be stored. */
  vault: Vault | null;
  keyPool: KeyPool;
  keySecrets: KeySecrets;
  keyTester: KeyTester;
  keyFingerprint: KeyFingerprint;
  turnProviders: readonly TurnProvider[];
  pseudonyms: Pseudonyms;
  settings: ApiSettings;
};

export type RequestInfo = {
  actor: Actor;
  requestId: string;
  /** Where it came from, as a network (`192.0.2.0/24`, `2001:db8::/48`), for the audit; null where nobody needs to know. */
  ipPrefix: string | null;
  /** On Workers: keeps work alive after the caller has gone. */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
};

export type ServiceContext = ApiDependencies & RequestInfo;

export function createServiceContext(dependencies: ApiDependencies, request: RequestInfo): ServiceContext {
  return { ...dependencies, ...request };
}
