import type { Database } from '@ephemera/db';
import { errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';

import type { Actor, Clock, UserActor } from '../context.ts';
import { AppError } from '../errors.ts';
import { toHex } from '../hmac.ts';
import { createExternalKeys } from './external-keys.ts';
import { findAccountActor } from './find-account.ts';
import type { AccountClaims } from './find-account.ts';
import { createSigningKeys } from './signing-keys.ts';
import type { TokenShape } from './token-shape.ts';
import { ALLOWED_ALGORITHMS } from './token-shape.ts';

export type ExternalIssuer = {
  issuer: string;
  audience: string;
  jwksUrl: string;
  /** Its users' ids begin with `ext:`, as the only issuer's do; else with a name of this issuer alone. */
  isFirst?: boolean;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
};

export type BuiltInIssuer = { database: Database; clock: Clock; issuer: string; audience: string };

/** What a token proves, and how to learn who that is now. */
export type CheckedToken = {
  actor: Actor;
  expiresAtMs: number;
  /** Asks the account's row again; absent for other people's users. Throws `unauthenticated` where it is gone. */
  reload?: () => Promise<Actor>;
};

export type TokenCheck = (token: string, shape: TokenShape) => Promise<CheckedToken>;

const TOLERANCE_SECONDS = 30;
// eslint-disable-next-line no-control-regex -- a subject with control characters must not reach a log line
const SUBJECT = /^[^\u0000-\u001F\u007F]{1,255}$/;

type Bearer = TokenShape['bearer'];

/** `bearer` where the token tells whose it would be. */
export function refuseToken(cause?: unknown, bearer: Bearer = 'user'): AppError {
  if (cause instanceof errors.JWTExpired) {
    const advice = bearer === 'node' ? 'refresh it' : 'sign in again';
    return new AppError('token_expired', `The ${bearer} token has expired: ${advice}.`);
  }
  return new AppError('unauthenticated', `The ${bearer} token is not valid.`, { cause });
}

function readExpiry(payload: JWTPayload): number {
  const { exp } = payload;
  if (exp === undefined || !Number.isFinite(exp)) throw refuseToken();
  return exp * 1_000;
}

function readSubject(payload: JWTPayload): string {
  if (typeof payload.sub !== 'string' || !SUBJECT.test(payload.sub)) throw refuseToken();
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
  if (isFromTheFuture) throw refuseToken();
  return payload;
}

function readClaims(payload: JWTPayload): AccountClaims {
  const { sid, iat } = payload;
  if (sid !== undefined && typeof sid !== 'string') throw refuseToken();
  return {
    id: readSubject(payload),
    signInId: sid ?? null,
    issuedAtMs: iat === undefined ? null : iat * 1_000,
  };
}

/** The account's own row decides role and existence, whatever the token says about them. */
export function createBuiltInCheck({ database, clock, issuer, audience }: BuiltInIssuer): TokenCheck {
  const signingKeys = createSigningKeys(database, clock);

  async function load(claims: AccountClaims): Promise<Actor> {
    const actor = await findAccountActor(database, claims, clock.now());
    if (actor === null) throw refuseToken();
    return actor;
  }

  return async (token, { kid }) => {
    if (kid === null) throw refuseToken();
    const found = await signingKeys.find(kid);
    if (found === null) throw refuseToken();
    const key: JWTVerifyGetKey = () => Promise.resolve(found.key);
    const payload = await verify(token, {
      key,
      issuer,
      audience,
      algorithms: [found.alg],
      nowMs: clock.now(),
    });
    const claims = readClaims(payload);
    return {
      actor: await load(claims),
      expiresAtMs: readExpiry(payload),
      reload: () => load(claims),
    };
  };
}

function readText(value: unknown): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= 255 ? value : null;
}

/** Two issuers may both have a user `42`, so all but the first have a name of their own in their users' ids. */
async function prefixOf({ issuer, isFirst = true }: ExternalIssuer): Promise<string> {
  if (isFirst) return 'ext:';
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(issuer));
  return `ext@${toHex(digest.slice(0, 8))}:`;
}

/** Somebody else's users: never operators, and under a prefix that no account of ours can have. */
export function createExternalCheck(external: ExternalIssuer, clock: Clock): TokenCheck {
  const key = createExternalKeys({ jwksUrl: external.jwksUrl, clock, fetch: external.fetch });
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
      id: `${await prefixOf(external)}${readSubject(payload)}`,
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

export function toRefusal(error: unknown, bearer: Bearer = 'user'): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof errors.JOSEError && REFUSALS.has(error.code)) return refuseToken(error, bearer);
  const tokens = bearer === 'node' ? 'Node tokens' : 'User tokens';
  return new AppError('unavailable', `${tokens} cannot be checked at the moment.`, { cause: error });
}
