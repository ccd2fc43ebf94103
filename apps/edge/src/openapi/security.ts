import { ACCESS_KEY_SCOPES, type Actor, NODE_SCOPES, type Scope, SCOPES, scopesOf } from '@ephemera/api';

import type { RouteAccess } from '../app.ts';

type Requirement = Record<string, readonly string[]>;

const bearer = (description: string, bearerFormat?: string) => ({
  type: 'http',
  scheme: 'bearer',
  ...(bearerFormat === undefined ? {} : { bearerFormat }),
  description,
});

export const SECURITY_SCHEMES = {
  userToken: bearer(
    'A token of a person: of this service, for a user or a member of the dashboard, or of the issuer that JWT_ISSUER names.',
    'JWT',
  ),
  accessKey: bearer('A long-lived secret of a caller: `eph_live_…` or `eph_test_…`, with scopes of its own.'),
  nodeToken: bearer(
    'The access token of a node, from `/api/v1/auth/verify` or `/api/v1/auth/refresh`.',
    'JWT',
  ),
  refreshToken: bearer("A node's refresh token (`enr_…`). It rotates: the answer brings the next one."),
  internalSecret: bearer('One of INTERNAL_API_SECRETS, of a service of this deployment.'),
  metricsToken: bearer('METRICS_TOKEN of this deployment.'),
} as const;

function isScope(access: RouteAccess): access is Scope {
  return SCOPES.some((scope) => scope === access);
}

const PEOPLE: readonly Actor[] = [
  { kind: 'user', id: '' },
  {
    kind: 'operator',
    id: '',
    role: 'owner',
    name: '',
    email: '',
    authenticatedAtMs: null,
    signInId: null,
  },
];

const includes = (scopes: readonly string[], scope: string): boolean => scopes.includes(scope);

function ofScope(scope: Scope): Requirement[] {
  if (scope === 'internal-keys:read') {
    return [{ internalSecret: [] }, { nodeToken: ['keys:read-for-service'] }];
  }
  if (scope.startsWith('internal-keys:')) return [{ internalSecret: [] }];
  const isOfPeople = PEOPLE.some((actor) => scopesOf(actor).has(scope));
  return [
    ...(isOfPeople ? [{ userToken: [scope] }] : []),
    ...(includes(ACCESS_KEY_SCOPES, scope) ? [{ accessKey: [scope] }] : []),
    ...(includes(NODE_SCOPES, scope) ? [{ nodeToken: [scope] }] : []),
  ];
}

/** Who may, as of the route's own entry in the table. */
export function toSecurity(access: RouteAccess): readonly Requirement[] {
  if (isScope(access)) return ofScope(access);
  return access === 'metrics_token' ? [{ metricsToken: [] }] : [];
}
