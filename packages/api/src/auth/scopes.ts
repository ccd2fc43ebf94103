import type { Actor, AnonymousActor, OperatorRole, ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';

/** What a caller may do. Every procedure and every route names the one it needs. */
export const SCOPES = [
  'tokens:mint',
  'tokens:mint-for',
  'turn:issue',
  'models:read',
  'me:read',
  'sessions:read',
  'sessions:report',
  'sessions:read-all',
  'keys:read',
  'keys:write',
  'access-keys:read',
  'access-keys:write',
  'users:read',
  'users:write',
  'budgets:read',
  'budgets:write',
  'usage:read',
  'audit:read',
  'members:read',
  'members:write',
  'internal-keys:read',
  'internal-keys:report',
  'nodes:read',
  'nodes:read-all',
  'nodes:write-own',
  'nodes:write',
  'messages:send',
  'messages:read-own',
  'metrics:read',
  'keys:read-for-service',
] as const;

export type Scope = (typeof SCOPES)[number];

/** Those that an access key can be given. */
export const ACCESS_KEY_SCOPES = [
  'tokens:mint',
  'tokens:mint-for',
  'turn:issue',
  'models:read',
  'me:read',
  'sessions:read',
  'sessions:report',
] as const satisfies readonly Scope[];

export type AccessKeyScope = (typeof ACCESS_KEY_SCOPES)[number];

/** Those that a node can be given. */
export const NODE_SCOPES = [
  'nodes:read',
  'nodes:write-own',
  'messages:send',
  'messages:read-own',
  'metrics:read',
  'keys:read-for-service',
] as const satisfies readonly Scope[];

export type NodeScope = (typeof NODE_SCOPES)[number];

const NONE: ReadonlySet<Scope> = new Set();
const USER: readonly Scope[] = [
  'tokens:mint',
  'turn:issue',
  'models:read',
  'me:read',
  'sessions:read',
  'sessions:report',
];
const VIEWER: readonly Scope[] = [
  'models:read',
  'me:read',
  'sessions:read',
  'sessions:read-all',
  'keys:read',
  'access-keys:read',
  'users:read',
  'budgets:read',
  'usage:read',
  'audit:read',
  'members:read',
  'nodes:read',
  'nodes:read-all',
  'metrics:read',
];
const DEVELOPER: readonly Scope[] = [
  ...VIEWER,
  'tokens:mint',
  'turn:issue',
  'sessions:report',
  'access-keys:write',
];
const OPERATOR: readonly Scope[] = [
  ...DEVELOPER,
  'keys:write',
  'users:write',
  'budgets:write',
  'nodes:write',
  'nodes:write-own',
];
const OWNER: readonly Scope[] = [...OPERATOR, 'members:write', 'tokens:mint-for'];

const OF_USER: ReadonlySet<Scope> = new Set(USER);
const OF_INTERNAL: ReadonlySet<Scope> = new Set(['internal-keys:read', 'internal-keys:report']);
const OF_ROLE: Readonly<Record<OperatorRole, ReadonlySet<Scope>>> = {
  viewer: new Set(VIEWER),
  developer: new Set(DEVELOPER),
  operator: new Set(OPERATOR),
  owner: new Set(OWNER),
};

/** An access key has what it was given, out of what such a key can have at all. */
function scopesOfKey(scopes: readonly string[]): ReadonlySet<Scope> {
  return new Set(ACCESS_KEY_SCOPES.filter((scope) => scopes.includes(scope)));
}

/** The same for a node. */
function scopesOfNode(scopes: readonly string[]): ReadonlySet<Scope> {
  return new Set(NODE_SCOPES.filter((scope) => scopes.includes(scope)));
}

/** A guest has what the route that serves guests gave. */
function scopesOfGuest({ guest }: AnonymousActor): ReadonlySet<Scope> {
  return guest === undefined ? NONE : new Set(guest.scopes);
}

export function scopesOf(actor: Actor): ReadonlySet<Scope> {
  if (actor.kind === 'user') return OF_USER;
  if (actor.kind === 'operator') return OF_ROLE[actor.role];
  if (actor.kind === 'access_key') return scopesOfKey(actor.scopes);
  if (actor.kind === 'node') return scopesOfNode(actor.scopes);
  return actor.kind === 'internal' ? OF_INTERNAL : scopesOfGuest(actor);
}

function refuse(actor: Actor, scope: Scope): AppError {
  if (actor.kind === 'anonymous') {
    return new AppError('unauthenticated', 'Sign in first: this needs a token of a user or an access key.');
  }
  if (actor.kind === 'access_key') {
    return new AppError('insufficient_scope', `This access key lacks the scope ${scope}.`);
  }
  if (actor.kind === 'node') {
    return new AppError('insufficient_scope', `This node lacks the scope ${scope}.`);
  }
  return new AppError('forbidden', 'You may not do this.');
}

/** The caller, if it may. Throws `unauthenticated` for nobody, `insufficient_scope` for a key or a node, else `forbidden`. */
export function requireScope(ctx: Pick<ServiceContext, 'actor'>, scope: Scope): Actor {
  const { actor } = ctx;
  if (scopesOf(actor).has(scope)) return actor;
  throw refuse(actor, scope);
}

/** The `user_id` under which an actor's own sessions are filed. */
export function ownerIdOf(actor: Actor): string {
  if (actor.kind === 'internal' || actor.kind === 'node') return `${actor.kind}:${actor.id}`;
  if (actor.kind !== 'anonymous') return actor.id;
  if (actor.guest === undefined) throw refuse(actor, 'sessions:read');
  return `anon:${actor.guest.network}`;
}

/** How people call the actor; null where nothing but its id is known. */
export function nameOf(actor: Actor): string | null {
  return 'name' in actor ? (actor.name ?? null) : null;
}
