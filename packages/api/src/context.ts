import type { Database } from '@ephemera/db';

import type { AccessKeySecrets } from './access-keys/secrets.ts';
import type { Passwords } from './auth/passwords.ts';
import type { ChainVerifier } from './audit/chain-verifier.ts';
import type { CheckpointSigner } from './audit/checkpoint-signer.ts';
import type { AccessKeyScope, NodeScope, Scope } from './auth/scopes.ts';
import type { IdSource } from './ids.ts';
import type { DeploymentLimits } from './limits/limits.ts';
import type { RefusalShield } from './limits/refusal-shield.ts';
import type { RulesBook } from './limits/rules-book.ts';
import type { Monitor } from './monitor.ts';
import type { MailboxBell } from './messages/mailbox-bell.ts';
import type { NodeIdentity } from './nodes/identity.ts';
import type { KeyPool } from './pool/key-pool.ts';
import type { MintPolicy } from './pool/mint-policy.ts';
import type { KeyFingerprint } from './providers/key-fingerprint.ts';
import type { KeySecrets } from './providers/key-secrets.ts';
import type { KeyTester } from './providers/key-tester.ts';
import type { RealtimeProvider } from './providers/realtime-provider.ts';
import type { TurnProvider } from './providers/turn-provider.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { MintGate } from './services/tokens/mint-gate.ts';
import type { Vault } from './vault/create-vault.ts';

export type UserRole = 'user' | 'viewer' | 'developer' | 'operator' | 'owner';

/** A role that sees the dashboard. */
export type OperatorRole = Exclude<UserRole, 'user'>;

/** Somebody who talks: an account of ours with the role `user`, or a person of another issuer. */
export type UserActor = { kind: 'user'; id: string; name?: string; email?: string };

/** A member of this deployment: an account of ours with another role than `user`. */
export type OperatorActor = {
  kind: 'operator';
  id: string;
  role: OperatorRole;
  name: string;
  email: string;
  /** When they last proved who they are; null where the token does not say. */
  authenticatedAtMs: number | null;
  /** The sign-in that the token came from; null for one that the server made. */
  signInId: string | null;
};

/** A caller of ours that holds a long-lived secret; null: the deployment's own, or no restriction. */
export type AccessKeyActor = {
  kind: 'access_key';
  id: string;
  name: string;
  environment: 'live' | 'test';
  scopes: readonly AccessKeyScope[];
  allowedModels: readonly string[] | null;
  allowedOrigins: readonly string[] | null;
  mintsPerMinute: number | null;
  maxOpenSessions: number | null;
  maxTtlSeconds: number | null;
  maxSessionSeconds: number | null;
};

/** A service of ours that holds one of the named internal secrets; `id` is that name. */
export type InternalActor = { kind: 'internal'; id: string };

/** A machine of the node network, by its access token. */
export type NodeActor = { kind: 'node'; id: string; name: string; scopes: readonly NodeScope[] };

/** Nobody that is known. A route that serves guests says so itself, and what they may do; no other one does. */
export type AnonymousActor = {
  kind: 'anonymous';
  guest?: { network: string; scopes: readonly Scope[] };
};

/** Whoever makes a request. */
export type Actor = UserActor | OperatorActor | AccessKeyActor | InternalActor | NodeActor | AnonymousActor;

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

/** Who may enter the node network: anybody, whoever has a registration token, nobody. */
export type NodeRegistration = 'open' | 'token' | 'closed';

export type NodeSettings = {
  registration: NodeRegistration;
  /** Between two signs of life of a node. */
  heartbeatSeconds: number;
  /** Of one node from one address. */
  loginsPerMinute: number;
};

export type MessageSettings = {
  /** Of one sender, however many recipients each has. */
  perMinute: number;
  /** What may wait in one mailbox. */
  mailboxMessages: number;
  mailboxBytes: number;
};

export type ApiSettings = {
  tokenTtl: TtlSettings;
  mint: MintPolicy;
  limits: DeploymentLimits;
  /** What a session costs whose use nobody ever told: what its length suggests, or its worst case. */
  unreportedSessions: 'release' | 'charge';
  turn: { ttl: TtlSettings; issuesPerHour: number };
  /** Requests of one internal secret, and refused ones of one address. */
  internal: { readsPerMinute: number; reportsPerMinute: number; refusalsPerMinute: number };
  nodes: NodeSettings;
  messages: MessageSettings;
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
  rules: RulesBook;
  refusals: RefusalShield;
  mintGate: MintGate;
  keySecrets: KeySecrets;
  keyTester: KeyTester;
  keyFingerprint: KeyFingerprint;
  accessKeySecrets: AccessKeySecrets;
  turnProviders: readonly TurnProvider[];
  pseudonyms: Pseudonyms;
  auditVerifier: ChainVerifier;
  checkpoints: CheckpointSigner;
  passwords: Passwords;
  nodes: NodeIdentity;
  mailboxes: MailboxBell;
  monitor: Monitor;
  settings: ApiSettings;
};

export type RequestInfo = {
  actor: Actor;
  requestId: string;
  /** Where it came from, as a network (`192.0.2.0/24`, `2001:db8::/48`), for the audit; null where nobody needs to know. */
  ipPrefix: string | null;
  /** What a limit counts its address by: a whole IPv4 address, or the /64 of an IPv6 one. */
  address?: string | null | undefined;
  /** On Workers: keeps work alive after the caller has gone. */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
};

export type ServiceContext = ApiDependencies & RequestInfo;

export function createServiceContext(dependencies: ApiDependencies, request: RequestInfo): ServiceContext {
  return { ...dependencies, ...request };
}
