import { answerJson, type EdgeContext } from '../http/edge-context.ts';

/** The public keys of the built-in issuer. */
export type JwksSource = () => Promise<{ keys: object[] }>;

const MAX_AGE_SECONDS = 300;

/** `/.well-known/jwks.json`, for whoever verifies our users' tokens. */
export function createJwksRoute(jwks: JwksSource) {
  return async (c: EdgeContext): Promise<Response> =>
    answerJson(c, await jwks(), { headers: { 'cache-control': `public, max-age=${MAX_AGE_SECONDS}` } });
}
