import type { MessageSettings, NodeSettings } from '@ephemera/api';

import { chooseMessages, chooseNodes } from './config-nodes.ts';
import { refuseSamples, refuseShared } from './config-samples.ts';
import { chooseSecrets, type Secrets } from './config-secrets.ts';
import { type HostKind, isPublic, type Settings } from './config-settings.ts';
import { isLoopbackHost } from './config-urls.ts';
import {
  SECRET_MIN_LENGTH,
  VARIABLES,
  type IceServer,
  type LogLevel,
  type TurnProviderName,
  type Values,
  type VariableName,
} from './config-variables.ts';
import { SIMULATOR_API_KEY } from './demo-defaults.ts';
import type { Network } from './http/networks.ts';

export type { HostKind } from './config-settings.ts';

export type Upstream =
  | { kind: 'simulator' }
  | {
      kind: 'openai' | 'custom';
      baseUrl: string;
      /** Null: every key comes from the pool. */
      apiKey: string | null;
      organizationId: string | null;
      projectId: string | null;
    };

/** Somebody else's users that may call; the first one's ids have no name of its issuer in them. */
export type ExternalIssuer = { issuer: string; jwksUrl: string; audience: string; isFirst: boolean };

export type Config = Secrets & {
  host: string;
  port: number;
  dataDir: string;
  /** The public origin, or null: then the Node host uses the address it listens on. */
  baseUrl: string | null;
  database: { url: string; authToken: string | null; synchronous: 'normal' | 'full' };
  upstream: Upstream;
  logLevel: LogLevel;
  /** Requests a minute of one internal secret. */
  internalLimits: { readsPerMinute: number; reportsPerMinute: number };
  jwt: {
    issuer: string;
    audience: string;
    externals: ExternalIssuer[];
  };
  /** With which the first owner is made; null: none is set. */
  bootstrapToken: string | null;
  allowedOrigins: string[];
  tokenTtl: { defaultSeconds: number; maxSeconds: number };
  /** What a caller may, where nobody has set anything else for it. */
  limits: {
    mintsPerMinute: number;
    mintsPerMinutePerAddress: number;
    maxOpenSessions: number;
    maxSessionSeconds: number;
  };
  /** Of one process; beyond it mints are sent away at once. */
  maxMintsInFlight: number;
  unreportedSessions: 'release' | 'charge';
  /** Whose X-Forwarded-For is believed. */
  trustedProxies: Network[];
  /** Whether `POST /api/realtime/token` serves callers without a token. */
  areGuestsAllowed: boolean;
  nodes: NodeSettings;
  messages: MessageSettings;
  turn: {
    providers: TurnProviderName[];
    coturn: { urls: string[]; secrets: string[] } | null;
    iceServers: IceServer[];
    ttlSeconds: number;
  };
};

/** What an environment was refused for: one line for each bad variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration was refused:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.problems = problems;
  }
}

const OPENAI_BASE_URL = 'https://api.openai.com/v1';
const BUILT_IN_ISSUER = 'ephemera';

/**
 * Reads the whole environment at once. An empty variable counts as unset, an unknown one is somebody else's.
 * Throws one ConfigError that names every bad variable.
 */
export function parseConfig(env: Record<string, unknown>, hostKind: HostKind): Config {
  const problems: string[] = [];
  const values = parseValues(env, problems);
  const isBad = new Set(problems.map((line) => line.slice(0, line.indexOf(':'))));
  const report = (name: VariableName, problem: string): void => {
    if (isBad.has(name)) return;
    isBad.add(name);
    problems.push(`${name}: ${problem}`);
  };
  const settings: Settings = { values, hostKind, report };
  const secrets = chooseSecrets(settings);
  const config = {
    ...secrets,
    ...chooseListener(settings),
    database: chooseDatabase(settings),
    upstream: chooseUpstream(settings),
    internalLimits: {
      readsPerMinute: values.INTERNAL_READS_PER_MINUTE ?? 120,
      reportsPerMinute: values.INTERNAL_REPORTS_PER_MINUTE ?? 6_000,
    },
    logLevel: values.LOG_LEVEL ?? 'info',
    jwt: chooseJwt(settings),
    bootstrapToken: values.ADMIN_BOOTSTRAP_TOKEN ?? null,
    allowedOrigins: values.ALLOWED_ORIGINS ?? [],
    tokenTtl: chooseTokenTtl(settings),
    ...chooseLimits(settings),
    areGuestsAllowed: mayServeGuests(settings, secrets.isDemo),
    nodes: chooseNodes(settings, secrets.isDemo),
    messages: chooseMessages(settings),
    turn: chooseTurn(settings, secrets.isDemo),
  };
  refuseShared(settings);
  refuseSamples(settings);
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function parseValues(env: Record<string, unknown>, problems: string[]): Values {
  const values: Record<string, unknown> = {};
  for (const [name, { schema, expectation, isSecret }] of Object.entries(VARIABLES)) {
    const raw = env[name];
    if (raw === undefined || raw === '') continue;
    const parsed = schema.safeParse(raw);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name}: should be ${expectation}${isSecret ? '' : `, not ${JSON.stringify(raw)}`}`);
  }
  return values;
}

function chooseListener({ values, hostKind, report }: Settings) {
  if (hostKind === 'workers' && values.BASE_URL === undefined) {
    report(
      'BASE_URL',
      'is missing: a Worker cannot trust the Host field of a request to know its own origin',
    );
  }
  if (isPublic({ values, hostKind }) && values.BASE_URL === undefined) {
    report('BASE_URL', 'is missing: off loopback the origin that browsers use must be known');
  }
  return {
    host: hostKind === 'node' ? (values.HOST ?? '127.0.0.1') : '',
    port: values.PORT ?? 8_787,
    dataDir: values.DATA_DIR ?? '.data',
    baseUrl: values.BASE_URL ?? null,
  };
}

function chooseDatabase({ values, hostKind, report }: Settings): Config['database'] {
  const url = values.TURSO_DATABASE_URL;
  const authToken = values.TURSO_AUTH_TOKEN ?? null;
  const synchronous = values.DATABASE_SYNCHRONOUS ?? 'normal';
  if (hostKind === 'node') {
    return { url: url ?? `file:${values.DATA_DIR ?? '.data'}/ephemera.db`, authToken, synchronous };
  }
  if (url === undefined)
    report('TURSO_DATABASE_URL', 'is missing: Workers keep their data in a libSQL server');
  else if (url.startsWith('file:')) {
    report('TURSO_DATABASE_URL', 'should be a libSQL server: Workers have no files');
  }
  return { url: url ?? '', authToken, synchronous };
}

function chooseUpstream(settings: Settings): Upstream {
  const { values } = settings;
  const { OPENAI_BASE_URL: baseUrl } = values;
  const key = chooseApiKey(values);
  if (key === null && baseUrl === undefined && mayUseSimulator(settings)) return { kind: 'simulator' };
  if (key === null && values.KEYRING === undefined) reportMissingKey(settings);
  return {
    kind: baseUrl === undefined ? 'openai' : 'custom',
    baseUrl: baseUrl ?? OPENAI_BASE_URL,
    apiKey: key,
    organizationId: values.OPENAI_ORG_ID ?? null,
    projectId: values.OPENAI_PROJECT_ID ?? null,
  };
}

/** A simulator that somebody else runs on this machine accepts the well-known key. */
function chooseApiKey({ OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl }: Values): string | null {
  if (apiKey !== undefined) return apiKey;
  return baseUrl !== undefined && isLoopbackHost(new URL(baseUrl).hostname) ? SIMULATOR_API_KEY : null;
}

function mayUseSimulator(settings: Settings): boolean {
  return settings.hostKind === 'node' && !isPublic(settings);
}

/** A deployment may also keep all its keys in the pool. */
function reportMissingKey({ values, report }: Settings): void {
  const why =
    values.OPENAI_BASE_URL === undefined
      ? 'the key that mints the client secrets (the simulator is for loopback)'
      : 'OPENAI_BASE_URL is set without it';
  report('OPENAI_API_KEY', `is missing: ${why}; or set KEYRING and keep the keys in the pool`);
}

function chooseJwt(settings: Settings): Config['jwt'] {
  const { values, report } = settings;
  const audience = values.JWT_AUDIENCE ?? BUILT_IN_ISSUER;
  const first = chooseFirstIssuer(settings, audience);
  const hasOwnName = first === null && values.JWT_ISSUER !== undefined;
  const issuer = (hasOwnName ? values.JWT_ISSUER : values.BASE_URL) ?? BUILT_IN_ISSUER;
  const listed = (values.JWT_ISSUERS ?? []).map((it) => ({
    ...it,
    audience: it.audience ?? audience,
    isFirst: false,
  }));
  const externals = [...(first === null ? [] : [first]), ...listed];
  const names = new Set([issuer]);
  for (const { issuer: name, isFirst } of externals) {
    if (names.has(name) && !isFirst) report('JWT_ISSUERS', `names the issuer ${JSON.stringify(name)} twice`);
    names.add(name);
  }
  return { issuer, audience, externals };
}

/** The one of JWKS_URL. */
function chooseFirstIssuer({ values, report }: Settings, audience: string): ExternalIssuer | null {
  const { JWT_ISSUER: issuer, JWKS_URL: jwksUrl } = values;
  if (jwksUrl === undefined) return null;
  const ownIssuer = values.BASE_URL ?? BUILT_IN_ISSUER;
  if (issuer === undefined)
    report('JWT_ISSUER', 'is missing: JWKS_URL needs the issuer whose keys it serves');
  else if (issuer === ownIssuer) {
    report(
      'JWT_ISSUER',
      `should differ from the built-in issuer ${JSON.stringify(ownIssuer)} when JWKS_URL is set`,
    );
  }
  return { issuer: issuer ?? '', jwksUrl, audience, isFirst: true };
}

function chooseLimits({
  values,
}: Settings): Pick<Config, 'limits' | 'maxMintsInFlight' | 'unreportedSessions' | 'trustedProxies'> {
  return {
    limits: {
      mintsPerMinute: values.MINTS_PER_MINUTE ?? 60,
      mintsPerMinutePerAddress: values.MINTS_PER_MINUTE_PER_ADDRESS ?? 600,
      maxOpenSessions: values.MAX_OPEN_SESSIONS ?? 20,
      maxSessionSeconds: values.MAX_SESSION_SECONDS ?? 1_800,
    },
    maxMintsInFlight: values.MAX_MINTS_IN_FLIGHT ?? 500,
    unreportedSessions: values.UNREPORTED_SESSIONS ?? 'release',
    trustedProxies: values.TRUSTED_PROXIES ?? [],
  };
}

/** Only the demo serves whoever comes, or what only reaches a simulator on this machine: elsewhere each mint costs money. */
function mayServeGuests({ values, report }: Settings, isDemo: boolean): boolean {
  const { ANONYMOUS_TOKENS: word, OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = values;
  if (word === undefined) return isDemo && apiKey === undefined && baseUrl === undefined;
  const isLocal = baseUrl !== undefined && isLoopbackHost(new URL(baseUrl).hostname);
  if (word === 'on' && !isDemo && !isLocal) {
    report('ANONYMOUS_TOKENS', 'should be off outside of the demo: anybody could spend your money');
  }
  return word === 'on';
}

function chooseTokenTtl({ values, report }: Settings): Config['tokenTtl'] {
  const maxSeconds = values.MAX_TOKEN_TTL_SECONDS ?? 7_200;
  const defaultSeconds = values.DEFAULT_TOKEN_TTL_SECONDS ?? Math.min(600, maxSeconds);
  if (defaultSeconds > maxSeconds) {
    report('DEFAULT_TOKEN_TTL_SECONDS', `should not exceed MAX_TOKEN_TTL_SECONDS (${maxSeconds})`);
  }
  return { defaultSeconds, maxSeconds };
}

function chooseTurn(settings: Settings, isDemo: boolean): Config['turn'] {
  const { values } = settings;
  const coturn = chooseCoturn(settings, isDemo);
  return {
    coturn,
    providers: values.TURN_PROVIDERS ?? (coturn === null ? ['static'] : ['coturn', 'static']),
    iceServers: values.ICE_SERVERS ?? [],
    ttlSeconds: values.TURN_TTL_SECONDS ?? 3_600,
  };
}

function chooseCoturn({ values, report }: Settings, isDemo: boolean): Config['turn']['coturn'] {
  const { COTURN_URLS: urls, COTURN_STATIC_AUTH_SECRET: secrets, TURN_PROVIDERS: providers } = values;
  if (urls === undefined && secrets === undefined && providers?.includes('coturn') !== true) return null;
  if (urls === undefined) report('COTURN_URLS', 'is missing: coturn needs its addresses');
  if (secrets === undefined) {
    report('COTURN_STATIC_AUTH_SECRET', 'is missing: coturn needs the secret it shares with this service');
  } else if (!isDemo && secrets.some((secret) => secret.length < SECRET_MIN_LENGTH)) {
    report('COTURN_STATIC_AUTH_SECRET', `should be ${VARIABLES.COTURN_STATIC_AUTH_SECRET.expectation}`);
  }
  return { urls: urls ?? [], secrets: secrets ?? [] };
}
