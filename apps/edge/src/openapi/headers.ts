type Header = { name: string; description: string; schema: { type: string } };

const text = { type: 'string' };
const number = { type: 'integer' };

/** What answers may carry, by the name in lower case. */
export const HEADERS: Readonly<Record<string, Header>> = {
  'x-request-id': { name: 'X-Request-Id', description: 'Names this request in the logs.', schema: text },
  'x-broker-session-id': {
    name: 'X-Broker-Session-Id',
    description: 'The session as this service logs it (`ses_…`).',
    schema: text,
  },
  'x-should-retry': {
    name: 'X-Should-Retry',
    description: '`false`: the same request will not go better.',
    schema: text,
  },
  'idempotent-replayed': {
    name: 'Idempotent-Replayed',
    description: '`true`: the answer of the first request with this Idempotency-Key.',
    schema: text,
  },
  'retry-after': { name: 'Retry-After', description: 'Seconds to wait.', schema: number },
  'retry-after-ms': { name: 'Retry-After-Ms', description: 'The same in milliseconds.', schema: number },
  ratelimit: {
    name: 'RateLimit',
    description: 'What is left (`r`) and when it is whole again (`t` seconds), by policy.',
    schema: text,
  },
  'ratelimit-policy': {
    name: 'RateLimit-Policy',
    description: 'How much (`q`) in how many seconds (`w`).',
    schema: text,
  },
  warning: { name: 'Warning', description: 'What was asked for and is done another way.', schema: text },
  deprecation: { name: 'Deprecation', description: 'Since when the model is on its way out.', schema: text },
  sunset: { name: 'Sunset', description: 'When the provider shuts the model down.', schema: text },
  'www-authenticate': { name: 'WWW-Authenticate', description: 'Always `Bearer`.', schema: text },
  'cache-control': { name: 'Cache-Control', description: 'How long the answer may be kept.', schema: text },
};

/** What every route reads. */
export const REQUEST_PARAMETERS = {
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    required: false,
    description: 'An id of your own for this request; one that is none is replaced.',
    schema: { type: 'string', maxLength: 255 },
  },
} as const;

export const REQUEST_HEADERS = ['RequestId'] as const;
