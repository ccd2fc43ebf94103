/**
 * What went wrong between a node and the broker, as a stable name to switch on.
 *
 * `unauthorized` the broker does not know this node, or not with this key, or has revoked it (401) · `forbidden` it may
 * not (403) · `not_found` no such node or message (404) · `conflict` the id or the key is another node's, or the idempotency
 * key was another message's (409) · `invalid_request` a field is not as the contract has it; see `param` (400, 422) ·
 * `too_large` (413) · `rate_limited` a quota is used up (429) · `mailbox_full` no recipient has room, and nothing was sent
 * (507) · `timed_out` no answer in time · `server_unreachable` no answer · `server_failed` any other answer of 5xx ·
 * `invalid_answer` an answer that is not the contract's · `refused` any other no · `invalid_key` not an RSA private key as
 * PEM (PKCS #8) of at least 2048 bits · `invalid_options` made or called wrongly · `closed` used after `close()`.
 */
export type NodeClientErrorCode =
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'invalid_request'
  | 'too_large'
  | 'rate_limited'
  | 'mailbox_full'
  | 'timed_out'
  | 'server_unreachable'
  | 'server_failed'
  | 'invalid_answer'
  | 'refused'
  | 'invalid_key'
  | 'invalid_options'
  | 'closed';

export type NodeClientErrorDetails = {
  cause?: unknown;
  /** HTTP status of the broker's answer. */
  status?: number | undefined;
  /** The broker's own name for what is wrong. */
  serverCode?: string | undefined;
  /** The field at fault. */
  param?: string | undefined;
  /** Milliseconds to wait, where the broker said so. */
  retryAfterMs?: number | undefined;
  /** `X-Request-Id` of the answer, to quote in a support request. */
  requestId?: string | undefined;
  /** The broker's word on whether a repetition makes sense; by default it follows from the code. */
  retryable?: boolean | undefined;
};

const RETRYABLE: ReadonlySet<NodeClientErrorCode> = new Set([
  'rate_limited',
  'mailbox_full',
  'timed_out',
  'server_unreachable',
  'server_failed',
  'invalid_answer',
]);

/** What a node's client throws. The message is for logs and people, and never holds a token or a key. */
export class NodeClientError extends Error {
  override readonly name = 'NodeClientError';
  readonly code: NodeClientErrorCode;
  /** Whether the same call can succeed later without anybody changing anything here. */
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly serverCode: string | undefined;
  readonly param: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;

  constructor(code: NodeClientErrorCode, message: string, details: NodeClientErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retryable = details.retryable ?? RETRYABLE.has(code);
    this.status = details.status;
    this.serverCode = details.serverCode;
    this.param = details.param;
    this.retryAfterMs = details.retryAfterMs;
    this.requestId = details.requestId;
  }
}

/** The broker's no to this node as such: it stays one however often it is asked. */
export function isLockedOut(error: unknown): boolean {
  return error instanceof NodeClientError && (error.code === 'unauthorized' || error.code === 'forbidden');
}
