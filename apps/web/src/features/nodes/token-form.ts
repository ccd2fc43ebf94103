import type { NodeMessage } from './node-text.ts';
import type { NodeScope, TokenInput } from './node-types.ts';
import { USUAL_SCOPES } from './node-types.ts';

const HOUR = 3_600;
export const LIFETIMES = ['1h', '24h', '7d', '30d'] as const;
export type Lifetime = (typeof LIFETIMES)[number];

const SECONDS: Readonly<Record<Lifetime, number>> = {
  '1h': HOUR,
  '24h': 24 * HOUR,
  '7d': 7 * 24 * HOUR,
  '30d': 30 * 24 * HOUR,
};

export type TokenForm = { note: string; scopes: readonly NodeScope[]; lifetime: Lifetime };

export const NEW_TOKEN: TokenForm = { note: '', scopes: USUAL_SCOPES, lifetime: '24h' };

const LONGEST_NOTE = 200;

export type TokenProblem = { field: 'note' | 'scopes'; message: NodeMessage };

/** The first field that cannot be sent. */
export function findProblem({ note, scopes }: TokenForm): TokenProblem | null {
  if (/\p{Cc}/u.test(note) || note.trim().length > LONGEST_NOTE) {
    return { field: 'note', message: 'token.wrongNote' };
  }
  return scopes.length === 0 ? { field: 'scopes', message: 'token.missingScopes' } : null;
}

export function toInput({ note, scopes, lifetime }: TokenForm): TokenInput {
  const text = note.trim();
  return { ...(text === '' ? {} : { note: text }), scopes: [...scopes], ttlSeconds: SECONDS[lifetime] };
}

/** As the example worker reads them. */
export function toEnvLines(secret: string, origin: string): string {
  return `BROKER_URL=${origin}\nREGISTRATION_TOKEN=${secret}`;
}

/** Works as it stands where there is a public key in `node.pub.pem`. */
export function toCurl(secret: string, origin: string): string {
  return [
    `curl ${origin}/api/v1/auth/register \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -H 'X-Registration-Token: ${secret}' \\`,
    `  -d "$(jq -n --rawfile key node.pub.pem '{node_id: "node-1", name: "Node 1",`,
    `    type: "worker", capabilities: [], endpoint: "https://node-1.example", public_key: $key}')"`,
  ].join('\n');
}

/** A used, expired or revoked token lets nobody in any more. */
export function stateOfToken(
  token: { state: 'unused' | 'used' | 'expired' | 'revoked'; expiresAt: string },
  now: number,
): 'unused' | 'used' | 'expired' | 'revoked' {
  return token.state === 'unused' && Date.parse(token.expiresAt) <= now ? 'expired' : token.state;
}
