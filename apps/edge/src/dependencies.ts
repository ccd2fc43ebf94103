import {
  type AccessKeySecrets,
  type ActorResolver,
  type ApiDependencies,
  type Auth,
  createAccessKeyFinder,
  createAccessKeySecrets,
  createActorResolver,
  createAuth,
  createChainVerifier,
  createCheckpointSigner,
  createCoturnProvider,
  createIdSource,
  createInternalSecrets,
  type IdSource,
  createKeyFingerprint,
  createKeyOrigins,
  createKeyPool,
  createKeySecrets,
  createMintGate,
  createMonitor,
  createOpenAiKeyTester,
  createOpenAiProvider,
  createNodeIdentity,
  createPasswords,
  createPseudonyms,
  createClockWatch,
  createRefusalShield,
  createRulesBook,
  createStaticIceProvider,
  createReadinessCheck,
  createVault,
  type Clock,
  type EnvironmentKey,
  type HttpSend,
  type KeyFingerprint,
  type Logger,
  type MailboxBell,
  MINT_POLICY,
  type TurnProvider,
  type FindUnready,
} from '@ephemera/api';
import type { Database } from '@ephemera/db';

import type { AppDependencies } from './app.ts';
import { isLoopbackHost } from './config-urls.ts';
import type { Config } from './config.ts';
import { DEMO_ACCOUNTS } from './demo-defaults.ts';
import type { PageAssets } from './http/page-assets.ts';
import { connectOriginsOf } from './http/security-headers.ts';
import { VERSION } from './version.ts';

/** What only the host can know or do. */
export type HostParts = {
  database: Database;
  send: HttpSend;
  assets: PageAssets;
  clock: Clock;
  logger: Logger;
  /** How one request here tells another that a message came. */
  mailboxes: MailboxBell;
  /** The public origin of this service. */
  baseUrl: string;
  /** The provider, or the simulator that stands in for it. */
  upstream: { baseUrl: string; organizationId: string | null; projectId: string | null };
  /** Keys that are members of the pool without being stored in it. */
  environmentKeys: readonly EnvironmentKey[];
  /** Makes the first owner; null: there is one, or nobody can. */
  bootstrapToken: string | null;
  /** Further origins of the upstream that the page may connect to. */
  extraConnectOrigins: readonly string[];
};

const TURN_ISSUES_PER_HOUR = 120;
const REFUSALS_PER_MINUTE = 60;

/** The composition root: configuration and a host's parts in, everything the app needs out. Opens nothing by itself. */
export function createDependencies(config: Config, host: HostParts): AppDependencies & { account: Auth } {
  const { database, clock, logger } = host;
  const { issuer, audience } = config.jwt;
  const ids = createIdSource(() => clock.now());
  const keyParts = createKeyParts(config, host, ids);
  const findUnready = createReadinessCheck(database, keyParts.vault);
  const api = createApiDependencies(config, host, { ids, keyParts, findUnready });
  const account = createAuth({
    database,
    clock,
    logger,
    ids: api.ids,
    passwords: api.passwords,
    secret: config.authSecret,
    baseUrl: host.baseUrl,
    trustedOrigins: [host.baseUrl, ...config.allowedOrigins],
    issuer,
    audience,
  });
  return {
    logger,
    account,
    auth: account.handle,
    jwks: async () => {
      const [people, machines] = await Promise.all([account.listPublicKeys(), api.nodes.keys.listPublic()]);
      return { keys: [...people.keys, ...machines] };
    },
    bootstrapToken: host.bootstrapToken,
    api,
    internalSecrets: createInternalSecrets(config.internalSecrets),
    metricsToken:
      config.metricsToken === null
        ? null
        : createInternalSecrets([{ name: 'metrics', secret: config.metricsToken }]),
    findSignedIn: account.findSignedIn,
    ownOrigin: host.baseUrl,
    areGuestsAllowed: config.areGuestsAllowed,
    actors: createActors(config, host, api),
    assets: host.assets,
    findUnready,
    stunServers: config.turn.iceServers.filter(({ urls }) => urls.every((url) => url.startsWith('stun'))),
    allowedOrigins: config.allowedOrigins,
    trustedProxies: config.trustedProxies,
    isKeyOrigin: createKeyOrigins({ database, clock, logger }),
    connectOrigins: [...connectOriginsOf(host.upstream.baseUrl), ...host.extraConnectOrigins],
    demoAccounts: config.isDemo ? DEMO_ACCOUNTS : [],
    isHttps: host.baseUrl.startsWith('https:'),
  };
}

function createActors(
  config: Config,
  { database, clock, logger, upstream }: HostParts,
  api: ApiDependencies,
): ActorResolver {
  const { issuer, audience, externals } = config.jwt;
  return createActorResolver({
    database,
    clock,
    issuer,
    audience,
    externals,
    nodes: api.nodes,
    findAccessKey: createAccessKeyFinder({
      database,
      clock,
      logger,
      hash: api.accessKeySecrets.hash,
      acceptsTestKeys: isTestUpstream(upstream.baseUrl),
    }),
  });
}

type KeyParts = Pick<ApiDependencies, 'vault' | 'keyFingerprint' | 'keySecrets' | 'keyPool'>;
type ApiParts = { ids: IdSource; keyParts: KeyParts; findUnready: FindUnready };

function createApiDependencies(
  config: Config,
  host: HostParts,
  { ids, keyParts, findUnready }: ApiParts,
): ApiDependencies {
  const { database, clock, logger, send, upstream } = host;
  const provider = {
    baseUrl: upstream.baseUrl,
    send,
    clock,
    ...(upstream.organizationId === null ? {} : { organization: upstream.organizationId }),
    ...(upstream.projectId === null ? {} : { project: upstream.projectId }),
  };
  const turnProviders = createTurnProviders(config.turn);
  return {
    database,
    clock,
    logger,
    ids,
    provider: createOpenAiProvider(provider),
    keyTester: createOpenAiKeyTester(provider),
    ...keyParts,
    accessKeySecrets: createAccessKeyIdentity(config),
    rules: createRulesBook(createClockWatch(() => performance.now())),
    refusals: createRefusalShield(REFUSALS_PER_MINUTE),
    mintGate: createMintGate(config.maxMintsInFlight, clock),
    turnProviders,
    monitor: createMonitor({
      database,
      clock,
      logger,
      turnProviders,
      findUnready,
      keySecrets: keyParts.keySecrets,
      version: VERSION,
      heartbeatSeconds: config.nodes.heartbeatSeconds,
    }),
    auditVerifier: createChainVerifier(database),
    checkpoints: createCheckpointSigner(config.authSecret),
    pseudonyms: createPseudonyms(config.safetyIdentifierSecret),
    passwords: createPasswords({ database, clock }),
    mailboxes: host.mailboxes,
    nodes: createNodeIdentity({
      database,
      clock,
      secret: config.authSecret,
      issuer: config.jwt.issuer,
      audience: config.jwt.audience,
    }),
    settings: createSettings(config),
  };
}

function createSettings(config: Config): ApiDependencies['settings'] {
  return {
    tokenTtl: config.tokenTtl,
    mint: MINT_POLICY,
    limits: { ...config.limits, maxTtlSeconds: config.tokenTtl.maxSeconds },
    unreportedSessions: config.unreportedSessions,
    turn: {
      ttl: { defaultSeconds: config.turn.ttlSeconds, maxSeconds: config.turn.ttlSeconds },
      issuesPerHour: TURN_ISSUES_PER_HOUR,
    },
    internal: { ...config.internalLimits, refusalsPerMinute: REFUSALS_PER_MINUTE },
    nodes: config.nodes,
    messages: config.messages,
  };
}

/**
 * What a key is known by. Under AUTH_SECRET, since a database does not open with another one anyway: any secret that can
 * be changed would make the keys of the pool strangers. Labelled apart from what else that secret signs.
 */
export function createKeyIdentity({ authSecret }: Pick<Config, 'authSecret'>): KeyFingerprint {
  return createKeyFingerprint(`provider-key-fingerprint\n${authSecret}`);
}

/** A simulator runs on this machine; whatever is elsewhere may cost money. */
function isTestUpstream(baseUrl: string): boolean {
  return isLoopbackHost(new URL(baseUrl).hostname);
}

/** What access keys are stored under; another secret than AUTH_SECRET makes all of them unknown. */
export function createAccessKeyIdentity({ authSecret }: Pick<Config, 'authSecret'>): AccessKeySecrets {
  return createAccessKeySecrets(`access-key-hash\n${authSecret}`);
}

/** The pool and what it needs. */
function createKeyParts(
  config: Config,
  { database, clock, logger, environmentKeys }: HostParts,
  ids: IdSource,
): KeyParts {
  const vault = config.keyring === null ? null : createVault({ keyring: config.keyring });
  const fingerprint = createKeyIdentity(config);
  const keySecrets = createKeySecrets({ vault, environmentKeys, fingerprint, logger });
  return {
    vault,
    keyFingerprint: fingerprint,
    keySecrets,
    keyPool: createKeyPool({ database, clock, logger, ids, keySecrets }),
  };
}

/** What OPENAI_API_KEY brings into the pool. */
export function environmentKeysOf(apiKey: string | null): EnvironmentKey[] {
  return apiKey === null ? [] : [{ provider: 'openai', secret: apiKey }];
}

function createTurnProviders({ providers, coturn, iceServers }: Config['turn']): TurnProvider[] {
  return providers.flatMap((name) => {
    if (name === 'static') return [createStaticIceProvider(iceServers)];
    return coturn === null ? [] : [createCoturnProvider(coturn)];
  });
}
