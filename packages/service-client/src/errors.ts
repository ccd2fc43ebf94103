/**
 * What went wrong between this process and the key server, as a stable name to switch on.
 *
 * `unauthorized` the server does not know the secret (401) · `forbidden` it knows it and says no (403) · `rate_limited`
 * too many requests (429) · `server_unreachable` no answer, or none in time · `server_failed` an answer of 5xx ·
 * `invalid_answer` an answer that is not the contract's (a login page, a proxy's error) · `refused` any other no: the
 * address or the provider is wrong · `no_key` the pool has no healthy key of this provider now · `invalid_options` the
 * client was made wrongly · `closed` the client was used after `close()`.
 */
export type KeyClientErrorCode =
  | 'unauthorized'
  | 'forbidden'
  | 'rate_limited'
  | 'server_unreachable'
  | 'server_failed'
  | 'invalid_answer'
  | 'refused'
  | 'no_key'
  | 'invalid_options'
  | 'closed';

export type KeyClientErrorDetails = {
  cause?: unknown;
  /** HTTP status of the server's answer. */
  status?: number | undefined;
  /** Milliseconds to wait, where the server said so. */
  retryAfterMs?: number | undefined;
  /** `X-Request-Id` of the answer, to quote in a support request. */
  requestId?: string | undefined;
};

const RETRYABLE: ReadonlySet<KeyClientErrorCode> = new Set([
  'rate_limited',
  'server_unreachable',
  'server_failed',
  'invalid_answer',
  'no_key',
]);

/**
 * The one error this package throws by itself. The message is for logs and people: it names the server and what to do,
 * and never holds the secret or a key.
 */
export class KeyClientError extends Error {
  override readonly name = 'KeyClientError';
  readonly code: KeyClientErrorCode;
  /** Whether the same call can succeed later without anybody changing anything here. */
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;

  constructor(code: KeyClientErrorCode, message: string, details: KeyClientErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retryable = RETRYABLE.has(code);
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.requestId = details.requestId;
  }
}
