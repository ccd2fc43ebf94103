import { base64url, jwtVerify } from 'jose';

import type { NodeScope } from '../auth/scopes.ts';
import type { Clock } from '../context.ts';
import { encodeBase32 } from '../ids.ts';
import type { NodeSigningKeys } from './signing-keys.ts';

export const NODE_TOKEN_TYPE = 'node+jwt';
export const ACCESS_TOKEN_SECONDS = 600;
const TOLERANCE_SECONDS = 30;

export type NodeTokens = {
  sign: (node: { id: string; scopes: readonly NodeScope[] }) => Promise<string>;
  /** Whom a token of ours names. Throws what jose throws; null: no key of ours signed it. */
  check: (token: string, kid: string) => Promise<{ nodeId: string; expiresAtMs: number } | null>;
};

export type NodeTokenOptions = { keys: NodeSigningKeys; clock: Clock; issuer: string; audience: string };

/** Access tokens of nodes: of another type, for another audience and by other keys than those of people. */
export function createNodeTokens({ keys, clock, issuer, audience }: NodeTokenOptions): NodeTokens {
  const encoder = new TextEncoder();

  return {
    // By hand: a library's checks of what we write ourselves cost more than the signature does.
    sign: async ({ id, scopes }) => {
      const { kid, key } = await keys.current();
      const iat = Math.floor(clock.now() / 1_000);
      const header = { alg: 'EdDSA', typ: NODE_TOKEN_TYPE, kid };
      const jti = encodeBase32(crypto.getRandomValues(new Uint8Array(16)));
      const times = { iat, exp: iat + ACCESS_TOKEN_SECONDS };
      const claims = { iss: issuer, aud: audience, sub: id, jti, ...times, scope: scopes.join(' ') };
      const signed = [header, claims].map((part) => base64url.encode(JSON.stringify(part))).join('.');
      const signature = await crypto.subtle.sign('Ed25519', key, encoder.encode(signed));
      return `${signed}.${base64url.encode(new Uint8Array(signature))}`;
    },
    check: async (token, kid) => {
      const key = await keys.findPublic(kid);
      if (key === null) return null;
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        typ: NODE_TOKEN_TYPE,
        algorithms: ['EdDSA'],
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(clock.now()),
        requiredClaims: ['sub', 'exp', 'jti'],
      });
      const { sub, exp } = payload;
      return sub === undefined || exp === undefined ? null : { nodeId: sub, expiresAtMs: exp * 1_000 };
    },
  };
}
