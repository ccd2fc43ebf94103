import * as z from 'zod';

import { parseHttpsOrLoopbackUrl, parseOrigin } from './config-urls.ts';
import { parseNetwork } from './http/networks.ts';

const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;
const TURN_PROVIDERS = ['coturn', 'static'] as const;
export const SECRET_MIN_LENGTH = 32;

export type LogLevel = (typeof LOG_LEVELS)[number];
export type TurnProviderName = (typeof TURN_PROVIDERS)[number];
export type IceServer = z.infer<typeof iceServerSchema>;

/** One variable of the environment: what it should be, in words, and the schema that says so exactly. */
type Variable<Output> = { schema: z.ZodType<Output, string>; expectation: string; isSecret: boolean };

function variable<Output>(expectation: string, schema: z.ZodType<Output, string>): Variable<Output> {
  return { schema, expectation, isSecret: false };
}

function secret<Output>(expectation: string, schema: z.ZodType<Output, string>): Variable<Output> {
  return { schema, expectation, isSecret: true };
}

function integer(min: number, max: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const text = z.string().max(1_024);
const longSecret = z.string().min(SECRET_MIN_LENGTH).max(1_024);
const httpsOrLoopbackUrl = z.string().transform(refineWith(parseHttpsOrLoopbackUrl));
const iceUrl = z.string().regex(/^(stuns?|turns?):[^\s/]+$/);
const iceServerSchema = z.strictObject({
  urls: z.union([iceUrl.transform((url) => [url]), z.array(iceUrl).min(1).max(16)]),
  username: z.string().max(512).exactOptional(),
  credential: z.string().max(512).exactOptional(),
});

/** Without an audience of its own it is JWT_AUDIENCE. */
const issuerSchema = z.strictObject({
  issuer: z.string().min(1).max(1_024),
  jwksUrl: httpsOrLoopbackUrl,
  audience: z.string().min(1).max(1_024).optional(),
});

function refineWith<Output>(parse: (value: string) => Output | null) {
  return (value: string, context: z.RefinementCtx): Output => {
    const parsed = parse(value);
    if (parsed !== null) return parsed;
    context.addIssue({ code: 'custom', message: 'refused' });
    return z.NEVER;
  };
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** Every variable that is honoured; `.env.example` documents the same list. */
export const VARIABLES = {
  PORT: variable('a port number from 0 (any free one) to 65535', integer(0, 65_535)),
  HOST: variable(
    'an address to listen on, such as 127.0.0.1 or 0.0.0.0',
    z.string().regex(/^[\w.:-]{1,255}$/),
  ),
  DATA_DIR: variable('a folder for the database file and demo.json', text),
  TURSO_DATABASE_URL: variable(
    'a libSQL address: file:…, libsql://…, https://…, wss://…, or http:// or ws:// for a server in the same network',
    z.string().regex(/^(file:.+|(libsql|https?|wss?):\/\/.+)$/),
  ),
  DATABASE_SYNCHRONOUS: variable(
    'normal (a commit outlives the process) or full (also a power cut); for a file',
    z.enum(['normal', 'full']),
  ),
  TURSO_AUTH_TOKEN: secret('the token of that database', text.max(8_192)),
  OPENAI_BASE_URL: variable(
    'an https:// address ending in the API version, such as https://api.openai.com/v1 (http:// only on loopback)',
    httpsOrLoopbackUrl,
  ),
  OPENAI_API_KEY: secret('a key of the provider, without spaces', z.string().regex(/^[\x21-\x7e]{8,512}$/)),
  OPENAI_ORG_ID: variable('an organisation id such as org-…', z.string().regex(/^[\w-]{1,128}$/)),
  OPENAI_PROJECT_ID: variable('a project id such as proj_…', z.string().regex(/^[\w-]{1,128}$/)),
  LOG_LEVEL: variable(`one of ${LOG_LEVELS.join(', ')}`, z.enum(LOG_LEVELS)),
  BASE_URL: variable(
    'the public origin of this service, such as https://voice.example.com (http:// only on loopback)',
    z.string().transform(refineWith(parseOrigin)),
  ),
  AUTH_SECRET: secret(
    `at least ${SECRET_MIN_LENGTH} random characters (openssl rand -base64 32)`,
    longSecret,
  ),
  SAFETY_IDENTIFIER_SECRET: secret(
    `at least ${SECRET_MIN_LENGTH} random characters, other than AUTH_SECRET (openssl rand -base64 32)`,
    longSecret,
  ),
  KEYRING: secret(
    'key-encryption keys as version:base64 of 32 bytes, separated by commas, such as 1:… (openssl rand -base64 32)',
    text.min(1).max(8_192),
  ),
  INTERNAL_API_SECRET: secret(
    `at least ${SECRET_MIN_LENGTH} random characters without spaces (openssl rand -base64 32)`,
    z.string().regex(/^[\x21-\x7e]{32,1024}$/),
  ),
  INTERNAL_API_SECRETS: secret(
    `named secrets as name:secret,name:secret, each of at least ${SECRET_MIN_LENGTH} characters without spaces`,
    list.pipe(z.array(text).min(1).max(16)),
  ),
  INTERNAL_READS_PER_MINUTE: variable('a whole number from 1 to 1000000', integer(1, 1_000_000)),
  INTERNAL_REPORTS_PER_MINUTE: variable('a whole number from 1 to 1000000', integer(1, 1_000_000)),
  METRICS_TOKEN: secret(
    `at least ${SECRET_MIN_LENGTH} random characters without spaces (openssl rand -base64 32)`,
    z.string().regex(/^[\x21-\x7e]{32,1024}$/),
  ),
  JWT_ISSUER: variable("the issuer that a caller's token must name", text.min(1)),
  JWT_AUDIENCE: variable("the audience that a caller's token must name", text.min(1)),
  JWKS_URL: variable(
    'the https:// address of an external issuer’s key set (http:// only on loopback)',
    httpsOrLoopbackUrl,
  ),
  JWT_ISSUERS: variable(
    'a JSON list of further issuers such as [{"issuer":"https://id.example.com","jwksUrl":"https://id.example.com/jwks.json","audience":"ephemera"}]',
    z.string().transform(parseJson).pipe(z.array(issuerSchema).max(16)),
  ),
  ADMIN_BOOTSTRAP_TOKEN: secret(
    `at least ${SECRET_MIN_LENGTH} random characters without spaces (openssl rand -base64 32)`,
    z.string().regex(/^[\x21-\x7e]{32,1024}$/),
  ),
  ALLOWED_ORIGINS: variable(
    'web origins separated by commas, such as https://app.example.com; never *',
    list.pipe(z.array(z.string().transform(refineWith(parseOrigin))).max(64)),
  ),
  DEFAULT_TOKEN_TTL_SECONDS: variable('a whole number of seconds from 10 to 7200', integer(10, 7_200)),
  MAX_TOKEN_TTL_SECONDS: variable('a whole number of seconds from 10 to 7200', integer(10, 7_200)),
  ANONYMOUS_TOKENS: variable('on or off', z.enum(['on', 'off'])),
  MINTS_PER_MINUTE: variable('a whole number from 1 to 100000000', integer(1, 100_000_000)),
  MINTS_PER_MINUTE_PER_ADDRESS: variable('a whole number from 1 to 100000000', integer(1, 100_000_000)),
  MAX_OPEN_SESSIONS: variable('a whole number from 1 to 100000000', integer(1, 100_000_000)),
  MAX_MINTS_IN_FLIGHT: variable('a whole number from 1 to 100000', integer(1, 100_000)),
  MAX_SESSION_SECONDS: variable('a whole number of seconds from 30 to 3600', integer(30, 3_600)),
  UNREPORTED_SESSIONS: variable(
    'release (a session that nobody reported costs nothing) or charge (its worst case)',
    z.enum(['release', 'charge']),
  ),
  TRUSTED_PROXIES: variable(
    'networks separated by commas, such as 10.0.0.0/8,2001:db8::/32',
    list.pipe(z.array(z.string().transform(refineWith(parseNetwork))).max(64)),
  ),
  NODE_REGISTRATION: variable(
    'open (any machine may enter the node network), token (with a registration token) or closed',
    z.enum(['open', 'token', 'closed']),
  ),
  NODE_HEARTBEAT_SECONDS: variable('a whole number of seconds from 1 to 3600', integer(1, 3_600)),
  NODE_LOGINS_PER_MINUTE: variable('a whole number from 1 to 1000000', integer(1, 1_000_000)),
  NODE_MESSAGES_PER_MINUTE: variable('a whole number from 1 to 1000000', integer(1, 1_000_000)),
  NODE_MAILBOX_MESSAGES: variable('a whole number from 1 to 100000', integer(1, 100_000)),
  NODE_MAILBOX_BYTES: variable(
    'a whole number of bytes from 1048576 to 999999999',
    integer(1_048_576, 999_999_999),
  ),
  TURN_PROVIDERS: variable(
    `a list of ${TURN_PROVIDERS.join(', ')} in the order to try them`,
    list.pipe(z.array(z.enum(TURN_PROVIDERS)).min(1).max(TURN_PROVIDERS.length)),
  ),
  COTURN_URLS: variable(
    'turn: or turns: addresses separated by commas',
    list.pipe(
      z
        .array(z.string().regex(/^turns?:[^\s/]+$/))
        .min(1)
        .max(16),
    ),
  ),
  COTURN_STATIC_AUTH_SECRET: secret(
    `the static-auth-secret of coturn, at least ${SECRET_MIN_LENGTH} characters; several separated by commas, the first signs`,
    list.pipe(z.array(text).min(1).max(4)),
  ),
  ICE_SERVERS: variable(
    'a JSON list such as [{"urls":"stun:stun.example.com:3478"}]',
    z.string().transform(parseJson).pipe(z.array(iceServerSchema).max(16)),
  ),
  TURN_TTL_SECONDS: variable('a whole number of seconds from 60 to 86400', integer(60, 86_400)),
  OPERATOR_EMAIL: variable('an e-mail address', z.email()),
  OPERATOR_PASSWORD: secret('at least 12 characters', z.string().min(12).max(128)),
};

export type VariableName = keyof typeof VARIABLES;
export type Values = { [Name in VariableName]?: z.output<(typeof VARIABLES)[Name]['schema']> };
