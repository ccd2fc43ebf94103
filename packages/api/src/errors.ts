import { isOutage } from '@ephemera/db';

const HTTP_STATUS = {
  invalid_request: 400,
  model_not_found: 400,
  unauthenticated: 401,
  token_expired: 401,
  reauthentication_required: 403,
  budget_exceeded: 402,
  forbidden: 403,
  insufficient_scope: 403,
  model_not_allowed: 403,
  origin_not_allowed: 403,
  user_blocked: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  idempotency_conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  rate_limited: 429,
  session_limit: 429,
  upstream_rejected: 502,
  upstream_unreachable: 502,
  upstream_invalid: 502,
  upstream_rate_limited: 503,
  no_healthy_provider_key: 503,
  unavailable: 503,
  upstream_timeout: 504,
  mailbox_full: 507,
  internal: 500,
} as const satisfies Record<string, number>;

export type AppErrorCode = keyof typeof HTTP_STATUS;

/** How much of a limit is left, for `RateLimit` and `RateLimit-Policy`. */
export type RateLimitState = {
  policy: string;
  limit: number;
  remaining: number;
  /** Until the window ends, rounded up. */
  resetSeconds: number;
  windowSeconds: number;
};

/** Which budget is used up, and when there is money again. */
export type BudgetState = {
  scope: 'project' | 'default_user' | 'user' | 'access_key';
  limitMicroUsd: number;
  leftMicroUsd: number;
  /** ISO 8601. */
  resetsAt: string;
};

/** What may reach a caller beside the message. Nothing in here is ever copied from an upstream body unchecked. */
export type AppErrorDetails = {
  /** The input field at fault, as a path (`session.audio.output.voice`). */
  param?: string;
  /** Seconds after which a retry makes sense; the transport turns it into `Retry-After`. */
  retryAfterSeconds?: number;
  rateLimit?: RateLimitState | undefined;
  budget?: BudgetState;
  /** The session row that records the failure. */
  sessionId?: string;
  provider?: { status: number | null; code: string | null };
  /** The name of what is there already. */
  existingName?: string;
  issues?: readonly { path: string; message: string }[];
};

/** The one error of verbs and adapters. The message is safe for a person to read; the cause never leaves the process. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: AppErrorCode;
  readonly details: AppErrorDetails;

  constructor(
    code: AppErrorCode,
    message: string,
    options: { cause?: unknown; details?: AppErrorDetails } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  get httpStatus(): number {
    return HTTP_STATUS[this.code];
  }
}

/** Anything that is not an AppError becomes `unavailable` or `internal`, and its message stays inside. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isOutage(error)) {
    return new AppError('unavailable', 'The database does not answer at the moment: try again.', {
      cause: error,
      details: { retryAfterSeconds: 1 },
    });
  }
  return new AppError('internal', 'Something went wrong on our side.', { cause: error });
}

const SERVER_ERROR = 500;
const WANTS_OF_ROOM: ReadonlySet<AppErrorCode> = new Set(['unavailable', 'mailbox_full']);

/** Worth a line in the log. Who is sent away for want of room, as foreseen, is not: the line would only add to the load. */
export function isFailure({ code, httpStatus, cause }: AppError): boolean {
  return httpStatus >= SERVER_ERROR && !(WANTS_OF_ROOM.has(code) && cause === undefined);
}

function readCode(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Drizzle puts the parameters of a query into its message, so of those only the cause is told. */
function describeOne(error: Error): string {
  const isQueryError = error.name === 'DrizzleQueryError' || error.message.startsWith('Failed query');
  const code = readCode(error);
  const head = code === undefined ? error.name : `${error.name} ${code}`;
  return isQueryError ? head : `${head}: ${error.message}`;
}

/** For logs: the chain of causes, without query parameters and without the secret named, capped. */
export function describeError(error: unknown, secret = ''): string {
  const parts: string[] = [];
  let current = error;
  while (current instanceof Error && parts.length < 5) {
    parts.push(describeOne(current));
    current = current.cause;
  }
  if (parts.length === 0) parts.push(`thrown ${typeof error}`);
  const text = parts.join(' <- ');
  return (secret === '' ? text : text.replaceAll(secret, '[secret]')).slice(0, 1_000);
}
