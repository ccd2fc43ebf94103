import { createServer } from 'node:http';
import { once } from 'node:events';

import { exportJWK, exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';

const KEY_ID = 'test-key';
const ALGORITHM = 'RS256';

export type Claims = Record<string, unknown>;

/** An identity provider of the tests: its keys are served over HTTP, its tokens can be made wrong in any way. */
export type TestIssuer = AsyncDisposable & {
  issuer: string;
  audience: string;
  jwksUrl: string;
  privateKey: CryptoKey;
  publicKeyPem: string;
  publicJwk: object;
  /** How often somebody asked for its keys, or for anything else. */
  requests: () => string[];
  /** A good token, but for what is overridden; `undefined` leaves a claim out. */
  sign: (claims?: Claims, header?: Partial<JWTHeaderParameters>) => Promise<string>;
};

/** Made once a test process: the primes take a while. */
let keyPair: ReturnType<typeof generateKeyPair> | null = null;

export async function startIssuer(): Promise<TestIssuer> {
  keyPair ??= generateKeyPair(ALGORITHM, { extractable: true });
  const { publicKey, privateKey } = await keyPair;
  const publicJwk = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' };
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [publicJwk] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const issuer = 'https://issuer.example.test';
  const audience = 'ephemera-test';
  return {
    issuer,
    audience,
    privateKey,
    publicJwk,
    publicKeyPem: await exportSPKI(publicKey),
    jwksUrl: `http://127.0.0.1:${address.port}/jwks.json`,
    requests: () => requests,
    sign: async (claims = {}, header = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      const payload = { iss: issuer, aud: audience, sub: 'stranger', iat: now, exp: now + 600, ...claims };
      const signer = new SignJWT(withoutUndefined(payload));
      return await signer.setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID, ...header }).sign(privateKey);
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function withoutUndefined(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
