import { initTRPC, TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/unstable-core-do-not-import';
// Not `z.core`: taking that namespace as a value brings zod's fifty languages into the Worker.
import { $ZodError } from 'zod/v4/core';

import { requireRecentSignIn } from './auth/recent-sign-in.ts';
import type { Scope } from './auth/scopes.ts';
import type { ServiceContext } from './context.ts';
import { AppError, describeError, isFailure, toAppError } from './errors.ts';
import type { AppErrorCode, AppErrorDetails } from './errors.ts';
import { requireAuditedScope } from './services/tokens/audit-denial.ts';

const TRPC_CODE = {
  invalid_request: 'BAD_REQUEST',
  model_not_found: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  token_expired: 'UNAUTHORIZED',
  reauthentication_required: 'FORBIDDEN',
  budget_exceeded: 'PAYMENT_REQUIRED',
  forbidden: 'FORBIDDEN',
  insufficient_scope: 'FORBIDDEN',
  model_not_allowed: 'FORBIDDEN',
  origin_not_allowed: 'FORBIDDEN',
  user_blocked: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  method_not_allowed: 'METHOD_NOT_SUPPORTED',
  conflict: 'CONFLICT',
  idempotency_conflict: 'CONFLICT',
  payload_too_large: 'PAYLOAD_TOO_LARGE',
  unsupported_media_type: 'UNSUPPORTED_MEDIA_TYPE',
  idempotency_key_reused: 'UNPROCESSABLE_CONTENT',
  rate_limited: 'TOO_MANY_REQUESTS',
  session_limit: 'TOO_MANY_REQUESTS',
  upstream_rejected: 'BAD_GATEWAY',
  upstream_unreachable: 'BAD_GATEWAY',
  upstream_invalid: 'BAD_GATEWAY',
  upstream_rate_limited: 'SERVICE_UNAVAILABLE',
  no_healthy_provider_key: 'SERVICE_UNAVAILABLE',
  unavailable: 'SERVICE_UNAVAILABLE',
  upstream_timeout: 'GATEWAY_TIMEOUT',
  // tRPC has no 507.
  mailbox_full: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<AppErrorCode, TRPC_ERROR_CODE_KEY>;

/** Errors that tRPC raises by itself, before a procedure runs. Their own texts may quote the request. */
const OWN_ERRORS: Partial<Record<TRPC_ERROR_CODE_KEY, { code: AppErrorCode; message: string }>> = {
  PARSE_ERROR: { code: 'invalid_request', message: 'The request is not valid JSON.' },
  BAD_REQUEST: { code: 'invalid_request', message: 'The request is not valid.' },
  NOT_FOUND: { code: 'not_found', message: 'There is no such procedure.' },
  METHOD_NOT_SUPPORTED: { code: 'method_not_allowed', message: 'Queries use GET, mutations use POST.' },
  PAYLOAD_TOO_LARGE: { code: 'payload_too_large', message: 'The request is too large.' },
  UNSUPPORTED_MEDIA_TYPE: { code: 'unsupported_media_type', message: 'Send JSON with its content type.' },
};

const MAX_ISSUES = 10;

function readIssues(error: $ZodError): AppErrorDetails {
  const issues = error.issues.slice(0, MAX_ISSUES).map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  const param = issues[0]?.path;
  return { issues, ...(param === undefined || param === '' ? {} : { param }) };
}

/** What an error of a procedure says to its caller; one that tRPC raised itself gets a code and a text of ours. */
export function findAppError(error: TRPCError): AppError {
  const { cause } = error;
  if (cause instanceof AppError) return cause;
  if (error.code === 'BAD_REQUEST' && cause instanceof $ZodError) {
    return new AppError('invalid_request', 'The request is not valid.', { details: readIssues(cause) });
  }
  const own = OWN_ERRORS[error.code];
  return own === undefined ? toAppError(cause ?? error) : new AppError(own.code, own.message, { cause });
}

/** For a transport that refuses before tRPC runs (a bad token): the same shape, the same status. */
export function toTrpcError(error: unknown): TRPCError {
  const appError = toAppError(error);
  return new TRPCError({ code: TRPC_CODE[appError.code], message: appError.message, cause: appError });
}

/** Seconds are told whole; a header tells the milliseconds. */
function tellDetails(details: AppErrorDetails): AppErrorDetails {
  const { retryAfterSeconds } = details;
  return retryAfterSeconds === undefined
    ? details
    : { ...details, retryAfterSeconds: Math.ceil(retryAfterSeconds) };
}

/** Read by the test that enumerates all procedures. */
export type ProcedureMeta = { scope: Scope | 'public'; needsRecentSignIn?: true };

const t = initTRPC
  .context<ServiceContext>()
  .meta<ProcedureMeta>()
  .create({
    // By hand: tRPC decides by NODE_ENV, which Workers leave undefined, and stacks would reach callers.
    isDev: false,
    sse: { ping: { enabled: true, intervalMs: 15_000 } },
    errorFormatter: ({ error, shape, ctx }) => {
      const appError = findAppError(error);
      return {
        ...shape,
        message: appError.message,
        data: {
          code: shape.data.code,
          httpStatus: shape.data.httpStatus,
          path: shape.data.path ?? null,
          appCode: appError.code,
          requestId: ctx?.requestId ?? null,
          details: tellDetails(appError.details),
        },
      };
    },
  });

export const { router } = t;

const mapErrors = t.middleware(async ({ ctx, next, path }) => {
  const result = await next();
  if (result.ok) return result;
  const appError = findAppError(result.error);
  if (isFailure(appError)) {
    ctx.logger.error('trpc.failed', { requestId: ctx.requestId, path, error: describeError(appError.cause) });
  }
  return { ...result, error: toTrpcError(appError) };
});

const anyone = t.procedure.use(mapErrors);

/** Callable by anybody: for those who prove who they are by what they send. */
export const publicProcedure = anyone.meta({ scope: 'public' });

/** Callable by whoever has the scope. Whose rows they may touch is decided by the verb. */
export function procedure(scope: Scope) {
  return anyone.meta({ scope }).use(async ({ ctx, next }) => {
    await requireAuditedScope(ctx, scope);
    return await next({ ctx });
  });
}

/** The same for what gives out or takes away access: the operator has signed in a short while ago. */
export function sensitiveProcedure(scope: Scope) {
  return procedure(scope)
    .meta({ scope, needsRecentSignIn: true })
    .use(async ({ ctx, next }) => {
      requireRecentSignIn(ctx);
      return await next({ ctx });
    });
}
