const METHODS = 'GET, POST, PUT, OPTIONS';
const MAX_AGE_SECONDS = '600';
const EXPOSED = [
  'X-Request-Id',
  'X-Broker-Session-Id',
  'Warning',
  'Deprecation',
  'Sunset',
  'Retry-After',
  'Retry-After-Ms',
  'X-Should-Retry',
  'RateLimit',
  'RateLimit-Policy',
  'Idempotent-Replayed',
  'X-Broker-Budget-Limit-Micro-Usd',
  'X-Broker-Budget-Left-Micro-Usd',
  'X-Broker-Budget-Resets-At',
].join(', ');

/** What a browser may send: our own fields and the families that the stock SDKs add. */
const ALLOWED_HEADER =
  /^(authorization|content-type|accept|idempotency-key|x-request-id|trpc-accept|openai-[a-z-]+|x-openai-[a-z-]+|x-stainless-[a-z-]+)$/;

type CorsHeaders = Record<string, string>;

export type Cors = {
  /** Fields for any answer; `Vary: Origin` always, since the answer differs by it. */
  headersFor: (origin: string | undefined) => Promise<CorsHeaders>;
  /** The answer to a preflight: without allow fields for a stranger, which the browser reads as a refusal. */
  preflight: (request: {
    origin: string | undefined;
    requestedHeaders: string | undefined;
  }) => Promise<CorsHeaders>;
};

export type CorsOptions = {
  /** Of the deployment. */
  allowedOrigins: readonly string[];
  /** Those that access keys name. */
  isKeyOrigin: (origin: string) => Promise<boolean>;
};

/** What a browser writes for a page; `null` and whatever else is no origin is a stranger. */
const ORIGIN = /^https?:\/\/[^\s/]{1,255}$/;
const STRANGER: CorsHeaders = { vary: 'Origin' };

/** Named origins only and no credentials: callers send bearer tokens, cookies stay same-origin. */
export function createCors({ allowedOrigins, isKeyOrigin }: CorsOptions): Cors {
  const allowed = new Set(allowedOrigins);

  async function headersFor(origin: string | undefined): Promise<CorsHeaders> {
    if (origin === undefined || !ORIGIN.test(origin)) return STRANGER;
    if (!allowed.has(origin) && !(await isKeyOrigin(origin))) return STRANGER;
    return {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED,
      vary: 'Origin',
    };
  }

  return {
    headersFor,
    preflight: async ({ origin, requestedHeaders }) => {
      const headers = await headersFor(origin);
      if (headers['access-control-allow-origin'] === undefined) return headers;
      return {
        ...headers,
        'access-control-allow-methods': METHODS,
        'access-control-allow-headers': allowedHeaders(requestedHeaders),
        'access-control-max-age': MAX_AGE_SECONDS,
        vary: 'Origin, Access-Control-Request-Headers',
      };
    },
  };
}

function allowedHeaders(requested: string | undefined): string {
  const names = (requested ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => ALLOWED_HEADER.test(name)).join(', ');
}
