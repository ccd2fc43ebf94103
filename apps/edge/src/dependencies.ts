import {
  type ApiDependencies,
  type Auth,
  createActorResolver,
  createAuth,
  createCoturnProvider,
  createIdSource,
  createKeyFingerprint,
  createKeyPool,
  createKeySecrets,
  createOpenAiKeyTester,
  createOpenAiProvider,
  createPseudonyms,
  createStaticIceProvider,
  type Clock,
  type HttpSend,
  type Logger,
  MINT_POLICY,
  type TurnProvider,
} from '@ephemera/api';
import {
  accounts,
  authSessions,
  type Database,
  jwks,
  sessions,
  turnIssuances,
  users,
  verifications,
} from '@ephemera/db';

import type { AppDependencies } from './app.ts';
import type { Config } from './config.ts';
import { DEMO_ACCOUNTS } from './demo-defaults.ts';
import type { PageAssets } from './http/page-assets.ts';
import { connectOriginsOf } from './http/security-headers.ts';
import type { FindUnready } from './routes/health.ts';

/** What only the host can know or do. */
export type HostParts = {
  database: Database;
  send: HttpSend;
  assets: PageAssets;
  clock: Clock;
  logger: Logger;
  /** The public origin of this service. */
  baseUrl: string;
  /** The provider, or the simulator that stands in for it. */
  upstream: {
    baseUrl: string;
    apiKey: string | null;
    organizationId: string | null;
    projectId: string | null;
  };
  /** Further origins of the upstream that the page may connect to. */
  extraConnectOrigins: readonly string[];
};

const TURN_ISSUES_PER_HOUR = 120;
const TABLES = [users, authSessions, accounts, verifications, jwks, sessions, turnIssuances] as const;

/** The composition root: configuration and a host's parts in, everything the app needs out. Opens nothing by itself. */
export function createDependencies(config: Config, host: HostParts): AppDependencies & { account: Auth } {
  const { database, clock, logger } = host;
  const { issuer, audience, external } = config.jwt;
  const account = createAuth({
    database,
    logger,
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
    jwks: account.listPublicKeys,
    api: createApiDependencies(config, host),
    findSignedIn: account.findSignedIn,
    ownOrigin: host.baseUrl,
    actors: createActorResolver({
      database,
      clock,
      issuer,
      audience,
      ...(external === null ? {} : { external: { ...external, audience } }),
    }),
    assets: host.assets,
    findUnready: createReadinessCheck(database),
    stunServers: config.turn.iceServers.filter(({ urls }) => urls.every((url) => url.startsWith('stun'))),
    allowedOrigins: config.allowedOrigins,
    connectOrigins: [...connectOriginsOf(host.upstream.baseUrl), ...host.extraConnectOrigins],
    demoAccounts: config.isDemo ? DEMO_ACCOUNTS : [],
    isHttps: host.baseUrl.startsWith('https:'),
  };
}

function createApiDependencies(config: Config, host: HostParts): ApiDependencies {
  const { database, clock, logger, send, upstream } = host;
  const ids = createIdSource(() => clock.now());
  const vault = null;
  const environmentKeys = upstream.apiKey === null ? [] : [{ provider: 'openai', secret: upstream.apiKey }];
  const fingerprint = createKeyFingerprint(config.safetyIdentifierSecret);
  const openai = {
    baseUrl: upstream.baseUrl,
    send,
    clock,
    ...(upstream.organizationId === null ? {} : { organization: upstream.organizationId }),
    ...(upstream.projectId === null ? {} : { project: upstream.projectId }),
  };
  return {
    database,
    clock,
    logger,
    ids,
    provider: createOpenAiProvider(openai),
    vault,
    keyPool: createKeyPool({ database, vault, environmentKeys, fingerprint, clock, ids, logger }),
    keySecrets: createKeySecrets({ vault, environmentKeys, fingerprint }),
    keyTester: createOpenAiKeyTester(openai),
    keyFingerprint: fingerprint,
    turnProviders: createTurnProviders(config.turn),
    pseudonyms: createPseudonyms(config.safetyIdentifierSecret),
    settings: {
      tokenTtl: config.tokenTtl,
      mint: MINT_POLICY,
      internal: { readsPerMinute: 600, reportsPerMinute: 6_000, refusalsPerMinute: 60 },
      turn: {
        ttl: { defaultSeconds: config.turn.ttlSeconds, maxSeconds: config.turn.ttlSeconds },
        issuesPerHour: TURN_ISSUES_PER_HOUR,
      },
    },
  };
}

function createTurnProviders({ providers, coturn, iceServers }: Config['turn']): TurnProvider[] {
  return providers.flatMap((name) => {
    if (name === 'static') return [createStaticIceProvider(iceServers)];
    return coturn === null ? [] : [createCoturnProvider(coturn)];
  });
}

/**
 * Every table is asked for every column this code knows, so a schema older than the code is found. That is settled once
 * it has succeeded; the database itself is asked each time.
 */
function createReadinessCheck(database: Database): FindUnready {
  let isMigrated = false;
  return async () => {
    const ping = await Promise.allSettled([database.read('select 1')]);
    if (ping[0].status === 'rejected') return ['database'];
    if (isMigrated) return [];
    const probes = await Promise.allSettled(
      TABLES.map((table) => database.orm.select().from(table).limit(1)),
    );
    isMigrated = probes.every(({ status }) => status === 'fulfilled');
    return isMigrated ? [] : ['migrations'];
  };
}
