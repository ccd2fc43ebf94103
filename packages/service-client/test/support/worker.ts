import { env, waitUntil } from 'cloudflare:workers';

import { createKeyClient, KeyClientError } from '../../src/index.ts';

/** One client for all requests of the isolate, as a real Worker would have it. */
const client = createKeyClient({
  baseUrl: env['KEY_SERVER'] ?? '',
  secret: env['KEY_SECRET'] ?? '',
  ttlMs: Number(env['TTL_MS']),
  staleMs: 60_000,
  requestTimeoutMs: 1_000,
  flushIntervalMs: 50,
  ...(env['WITHOUT_WAIT_UNTIL'] ? {} : { waitUntil }),
});

const ROUTES: Readonly<Record<string, () => Promise<unknown>>> = {
  '/key': async () => (await client.getApiKey('gemini')).id,
  '/with': () => client.withApiKey('gemini', ({ id }) => id),
  '/with-429': () =>
    client.withApiKey('gemini', ({ id }, { attempt }) =>
      attempt === 1 ? Promise.reject(Object.assign(new Error('busy'), { status: 429 })) : id,
    ),
  '/stats': async () => client.stats(),
};

async function answer(request: Request): Promise<Response> {
  try {
    return Response.json(await ROUTES[new URL(request.url).pathname]?.());
  } catch (error) {
    if (!(error instanceof KeyClientError)) throw error;
    return Response.json({ code: error.code, retryable: error.retryable }, { status: 503 });
  }
}

// oxlint-disable-next-line import/no-default-export -- because that is how a Worker says what it answers
export default { fetch: answer };
