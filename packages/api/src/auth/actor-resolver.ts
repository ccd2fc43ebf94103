import { createBoundedCache } from '../bounded-cache.ts';
import type { AccessKeyActor, Actor } from '../context.ts';
import type { NodeIdentity } from '../nodes/identity.ts';
import { createNodeCheck } from './node-tokens.ts';
import { createForgeryGuard } from './forgery-guard.ts';
import { readTokenShape } from './token-shape.ts';
import type { BuiltInIssuer, CheckedToken, ExternalIssuer, TokenCheck } from './user-tokens.ts';
import { createBuiltInCheck, createExternalCheck, refuseToken, toRefusal } from './user-tokens.ts';

export type { ExternalIssuer } from './user-tokens.ts';

/** What a request says about itself that an access key may be bound to. */
export type RequestFacts = {
  /** The `Origin` header; null where a program asks. */
  origin: string | null;
  /** The caller's network, for the key's last use. */
  ipPrefix: string | null;
  /** The caller's address as limits count it: one IPv4 address or one IPv6 /64. */
  address?: string | null;
  /** On Workers: keeps the note of that use alive after the answer. */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
};

/** The key that a secret (`eph_…`) belongs to. Throws `unauthenticated`, or `origin_not_allowed`. */
export type FindAccessKey = (secret: string, facts: RequestFacts) => Promise<AccessKeyActor>;

export type ActorResolverOptions = BuiltInIssuer & {
  externals?: readonly ExternalIssuer[];
  /** Without it no access key is known. */
  findAccessKey?: FindAccessKey;
  /** Without it no node is known. */
  nodes?: NodeIdentity;
};

export type ActorResolver = {
  /** From an `Authorization` header. None: anonymous. Anything but one good Bearer token: throws `unauthenticated`. */
  fromHeader: (authorization: string | null | undefined, facts?: RequestFacts) => Promise<Actor>;
  /** From a bare token, for `navigator.sendBeacon`, which can set no header. Never anonymous. */
  fromToken: (token: string, facts?: RequestFacts) => Promise<Actor>;
};

const CACHE_MS = 60_000;
const MAX_CACHED = 10_000;
/** Of one address; far more than whoever is not guessing sends. */
const FORGED_PER_SECOND = 500;
const BEARER = /^Bearer (eph_\w{1,120}|[\w-]+\.[\w-]+\.[\w-]+)$/i;
const ACCESS_KEY = /^eph_/;
const NO_FACTS: RequestFacts = { origin: null, ipPrefix: null };

function createChecks(options: ActorResolverOptions): ReadonlyMap<string, TokenCheck> {
  const checks = new Map<string, TokenCheck>([[options.issuer, createBuiltInCheck(options)]]);
  for (const external of options.externals ?? []) {
    if (!checks.has(external.issuer)) {
      checks.set(external.issuer, createExternalCheck(external, options.clock));
    }
  }
  return checks;
}

async function recall(known: CheckedToken): Promise<Actor> {
  const isAsked = known.actor.kind === 'operator' || known.actor.kind === 'node';
  if (!isAsked || known.reload === undefined) return known.actor;
  try {
    return await known.reload();
  } catch (error) {
    throw toRefusal(error, known.actor.kind === 'node' ? 'node' : 'user');
  }
}

/**
 * Answers who a request comes from. Good tokens are remembered whole, for at most a minute and never past `exp`; an
 * operator's account is asked again each time, so that losing a role, the account or the sign-in counts at once, and a
 * node's row, which is remembered for some seconds.
 */
export function createActorResolver(options: ActorResolverOptions): ActorResolver {
  const { clock, findAccessKey } = options;
  const checks = createChecks(options);
  const checkNode = options.nodes === undefined ? undefined : createNodeCheck(options.nodes);
  const forgeries = createForgeryGuard(FORGED_PER_SECOND, clock);
  const cache = createBoundedCache<CheckedToken & { untilMs: number }>(MAX_CACHED);

  async function checkToken(token: string, { address }: RequestFacts): Promise<Actor> {
    const shape = readTokenShape(token);
    const check = shape?.bearer === 'node' ? checkNode : checks.get(shape?.issuer ?? '');
    if (shape === null || check === undefined) throw refuseToken(undefined, shape?.bearer);
    try {
      const checked = await check(token, shape);
      const untilMs = Math.min(checked.expiresAtMs, clock.now() + CACHE_MS);
      cache.set(token, { ...checked, untilMs });
      return checked.actor;
    } catch (error) {
      const refusal = toRefusal(error, shape.bearer);
      cache.delete(token);
      if (refusal.code === 'unauthenticated') forgeries.note(address);
      throw refusal;
    }
  }

  async function fromToken(token: string, facts: RequestFacts = NO_FACTS): Promise<Actor> {
    if (ACCESS_KEY.test(token)) {
      if (findAccessKey === undefined) throw refuseToken();
      return await findAccessKey(token, facts);
    }
    const known = cache.get(token);
    if (known !== undefined && clock.now() < known.untilMs) return await recall(known);
    // What was genuine a minute ago is checked anew, and is no guess: whoever forges behind the same address stops nobody.
    if (known === undefined) forgeries.check(facts.address);
    return await checkToken(token, facts);
  }

  return {
    fromToken,
    fromHeader: async (authorization, facts) => {
      if (authorization === null || authorization === undefined) return { kind: 'anonymous' };
      const token = BEARER.exec(authorization)?.[1];
      if (token === undefined) throw refuseToken();
      return await fromToken(token, facts);
    },
  };
}
