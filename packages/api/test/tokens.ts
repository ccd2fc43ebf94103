import type { TestDatabase } from '@ephemera/db/testing';
import { CompactSign, exportJWK, generateKeyPair, SignJWT } from 'jose';

import { START_MS } from './fixtures.ts';

export const ISSUER = 'https://broker.test';
export const AUDIENCE = 'ephemera';

/** Of any type: bad tokens are made with it too. */
type Claims = Readonly<Record<string, unknown>>;

export type Issuer = {
  kid: string;
  publicJwk: Record<string, unknown>;
  publicKey: CryptoKey;
  sign: (claims?: Claims, header?: Claims) => Promise<string>;
  /** Signs claims as they are written. */
  signText: (claims: string) => Promise<string>;
};

function withoutUndefined(values: Claims): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** A key pair that signs good tokens; each claim and header member can be overridden, `undefined` leaves it out. */
export async function createIssuer(issuer: string, kid: string, alg = 'ES256'): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const now = Math.floor(START_MS / 1_000);
  const good = { iss: issuer, aud: AUDIENCE, sub: 'user-ada', iat: now, exp: now + 600 };
  return {
    kid,
    publicKey,
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg },
    signText: (claims) =>
      new CompactSign(new TextEncoder().encode(claims)).setProtectedHeader({ alg, kid }).sign(privateKey),
    sign: (claims = {}, header = {}) => {
      const protectedHeader = withoutUndefined({ alg, kid, ...header });
      return new SignJWT(withoutUndefined({ ...good, ...claims }))
        .setProtectedHeader({ ...protectedHeader, alg })
        .sign(privateKey);
    },
  };
}

export async function storeKey(database: TestDatabase, { kid, publicJwk }: Issuer): Promise<void> {
  await database.write({
    sql: 'insert into jwks (id, public_key, private_key, created_at, alg) values (?1, ?2, ?3, 0, ?4)',
    args: [kid, JSON.stringify(publicJwk), 'encrypted', String(publicJwk['alg'])],
  });
}

export async function storeUser(database: TestDatabase, id: string, role = 'user'): Promise<void> {
  await database.write({
    sql: `insert into users (id, name, email, email_verified, created_at, updated_at, role)
      values (?1, ?1, ?1 || '@demo.test', 1, 0, 0, ?2)`,
    args: [id, role],
  });
}

export function encodePart(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** The same claims and signature under another header. */
export function replaceHeader(token: string, header: unknown): string {
  const [, body = '', signature = ''] = token.split('.');
  return `${encodePart(header)}.${body}.${signature}`;
}
