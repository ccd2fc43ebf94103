import { users } from '@ephemera/db';
import type { Database } from '@ephemera/db';
import { eq } from 'drizzle-orm';
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';

import { createBoundedCache } from '../bounded-cache.ts';
import type { Actor, Clock, UserActor } from '../context.ts';
import { AppError } from '../errors.ts';
import { createSigningKeys } from './signing-keys.ts';
import type { TokenShape } from './token-shape.ts';
import { ALLOWED_ALGORITHMS, readTokenShape } from './token-shape.ts';

export type ExternalIssuer = {
  issuer: string;
  audience: string;
  jwksUrl: string;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
};

export type ActorResolverOptions = {
  database: Database;
  clock: Clock;
  issuer: string;
  audience: string;
  external?: ExternalIssuer | undefined;
};

export type ActorResolver = {
  /** From an `Authorization` header. None: anonymous. Anything but one good Bearer token: throws `unauthenticated`. */
  fromHeader: (authorization: string | null | undefined) => Promise<Actor>;
  /** From a bare token, for `navigator.sendBeacon`, which can set no header. */
  fromToken: (token: string) => Promise<UserActor>;
};

type Verified = { actor: UserActor; expiresAtMs: number };

const TOLERANCE_SECONDS = 30;
const CACHE_MS = 60_000;
const MAX_CACHED = 10_000;
const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;
// eslint-disable-next-line no-control-regex -- a subject with control characters must not reach a log line
const SUBJECT = /^[^\u0000-\u001F\u007F]{1,255}$/;

function refuse(cause?: unknown): AppError {
  if (cause instanceof errors.JWTExpired) {
    return new AppError('token_expired', 'The user token has expired: sign in again.');
  }
  return new AppError('unauthenticated', 'The user token is not valid.', { cause });
}

function readExpiry(payload: JWTPayload): number {
  const { exp } = payload;
  if (exp === undefined || !Number.isFinite(exp)) throw refuse();
  return exp * 1_000;
}

function readSubject(payload: JWTPayload): string {
  if (typeof payload.sub !== 'string' || !SUBJECT.test(payload.sub)) throw refuse();
  return payload.sub;
}

type VerifyOptions = {
  key: JWTVerifyGetKey;
  issuer: string;
  audience: string;
  algorithms: string[];
  nowMs: number;
};

async function verify(token: string, options: VerifyOptions): Promise<JWTPayload> {
  const { key, issuer, audience, algorithms, nowMs } = options;
  const { payload } = await jwtVerify(token, key, {
    issuer,
    audience,
    algorithms,
    clockTolerance: TOLERANCE_SECONDS,
    currentDate: new Date(nowMs),
    requiredClaims: ['sub', 'exp'],
  });
  const isFromTheFuture =
    payload.iat !== undefined && payload.iat * 1_000 > nowMs + TOLERANCE_SECONDS * 1_000;
  if (isFromTheFuture) throw refuse();
  return payload;
}

type Check = (token: string, shape: TokenShape) => Promise<Verified>;

/** The account's own row decides role and existence, so a change of either counts within a minute, not within a token. */
function createBuiltInCheck({ database, clock, issuer, audience }: ActorResolverOptions): Check {
  const signingKeys = createSigningKeys(database, clock);
  return async (token, { kid }) => {
    const found = await signingKeys.find(kid);
    if (found === null) throw refuse();
    const key: JWTVerifyGetKey = () => Promise.resolve(found.key);
    const payload = await verify(token, {
      key,
      issuer,
      audience,
      algorithms: [found.alg],
      nowMs: clock.now(),
    });
    const id = readSubject(payload);
    const { name, email, role } = users;
    const [row] = await database.orm
      .select({ name, email, role })
      .from(users)
      .where(eq(users.id, id))
      .limit(1);
    if (row === undefined) throw refuse();
    return { actor: { kind: 'user', id, ...row }, expiresAtMs: readExpiry(payload) };
  };
}

function readText(value: unknown): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= 255 ? value : null;
}

/** Somebody else's users: never operators, and under a prefix that no account of ours can have. */
function createExternalCheck(external: ExternalIssuer, clock: Clock): Check {
  const key = createRemoteJWKSet(new URL(external.jwksUrl), {
    cooldownDuration: 30_000,
    timeoutDuration: 5_000,
    ...(external.fetch === undefined ? {} : { [customFetch]: external.fetch }),
  });
  const { issuer, audience } = external;
  return async (token) => {
    const payload = await verify(token, {
      key,
      issuer,
      audience,
      algorithms: [...ALLOWED_ALGORITHMS],
      nowMs: clock.now(),
    });
    const name = readText(payload['name']);
    const email = readText(payload['email']);
    const actor: UserActor = {
      kind: 'user',
      id: `ext:${readSubject(payload)}`,
      role: 'user',
      ...(name === null ? {} : { name }),
      ...(email === null ? {} : { email }),
    };
    return { actor, expiresAtMs: readExpiry(payload) };
  };
}

/** What a bad token makes jose throw. All else (the database, an issuer's key server) is an outage of ours. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'ERR_JOSE_ALG_NOT_ALLOWED',
  'ERR_JOSE_NOT_SUPPORTED',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  'ERR_JWKS_NO_MATCHING_KEY',
  'ERR_JWS_INVALID',
  'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  'ERR_JWT_CLAIM_VALIDATION_FAILED',
  'ERR_JWT_EXPIRED',
  'ERR_JWT_INVALID',
]);

function toRefusal(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof errors.JOSEError && REFUSALS.has(error.code)) return refuse(error);
  return new AppError('unavailable', 'User tokens cannot be checked at the moment.', { cause: error });
}

/** Answers who a request comes from. Good tokens are remembered whole, for at most a minute and never past `exp`. */
export function createActorResolver(options: ActorResolverOptions): ActorResolver {
  const { clock, external } = options;
  const checks = new Map<string, Check>([[options.issuer, createBuiltInCheck(options)]]);
  if (external !== undefined && !checks.has(external.issuer)) {
    checks.set(external.issuer, createExternalCheck(external, clock));
  }
  const cache = createBoundedCache<{ actor: UserActor; untilMs: number }>(MAX_CACHED);

  async function checkToken(token: string): Promise<UserActor> {
    const shape = readTokenShape(token);
    const check = shape === null ? undefined : checks.get(shape.issuer);
    if (shape === null || check === undefined) throw refuse();
    try {
      const { actor, expiresAtMs } = await check(token, shape);
      cache.set(token, { actor, untilMs: Math.min(expiresAtMs, clock.now() + CACHE_MS) });
      return actor;
    } catch (error) {
      throw toRefusal(error);
    }
  }

  async function fromToken(token: string): Promise<UserActor> {
    const known = cache.get(token);
    if (known !== undefined && clock.now() < known.untilMs) return known.actor;
    cache.delete(token);
    return await checkToken(token);
  }

  return {
    fromToken,
    fromHeader: async (authorization) => {
      if (authorization === null || authorization === undefined) return { kind: 'anonymous' };
      const token = BEARER.exec(authorization)?.[1];
      if (token === undefined) throw refuse();
      return await fromToken(token);
    },
  };
}
