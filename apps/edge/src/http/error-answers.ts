import { type AppError, type AppErrorCode, describeError, isFailure, type Logger } from '@ephemera/api';

import { answerJson, type EdgeContext } from './edge-context.ts';
import { toOpenAiError } from './openai-error.ts';
import { refusalHeaders } from './rate-limit-headers.ts';
import { toEdgeError } from './to-edge-error.ts';

/** How a contract writes an error. */
export type ErrorShape = (c: EdgeContext, error: AppError) => Response;

export type RouteHandler = (c: EdgeContext) => Promise<Response>;

/** The provider's shape, for the routes that mirror one of theirs. */
export function answerOpenAiError(c: EdgeContext, error: AppError): Response {
  const hasCredentials = c.req.header('authorization') !== undefined;
  const { status, body, headers } = toOpenAiError(error, { hasCredentials, requestId: c.get('requestId') });
  return answerJson(c, body, { status, headers });
}

const FIELD_CODES: ReadonlySet<AppErrorCode> = new Set(['invalid_request', 'model_not_found']);

/** `{success: false, error}`; a field at fault is 422 there, a malformed body 400. `details` outside production. */
export function answerFailure(c: EdgeContext, error: AppError): Response {
  const isField = FIELD_CODES.has(error.code) && error.details.param !== undefined;
  const details = c.get('showsDetails') ? { details: { code: error.code, ...error.details } } : {};
  return answerJson(
    c,
    { success: false, error: error.message, requestId: c.get('requestId'), ...details },
    { status: isField ? 422 : error.httpStatus, headers: refusalHeaders(error) },
  );
}

/** `{error}`, as the callers of the internal routes have known it from the start. */
export function answerPlainError(c: EdgeContext, error: AppError): Response {
  return answerJson(
    c,
    { error: error.message },
    { status: error.httpStatus, headers: refusalHeaders(error) },
  );
}

/** RFC 9457. */
export function answerProblem(c: EdgeContext, error: AppError): Response {
  return answerProblemWith(c, error, error.httpStatus);
}

function answerProblemWith(c: EdgeContext, error: AppError, status: number): Response {
  const { param } = error.details;
  return answerJson(
    c,
    {
      type: `urn:ephemera:error:${error.code}`,
      title: error.message,
      status,
      code: error.code,
      requestId: c.get('requestId'),
      ...(param === undefined ? {} : { param }),
    },
    {
      status,
      headers: { ...refusalHeaders(error), 'content-type': 'application/problem+json' },
    },
  );
}

/** The same, with 422 for a field at fault, as the node network's contract has it; a malformed body is 400. */
export function answerNodeProblem(c: EdgeContext, error: AppError): Response {
  const isField = error.code === 'invalid_request' && error.details.param !== undefined;
  return answerProblemWith(c, error, isField ? 422 : error.httpStatus);
}

/** Puts one error shape around a route; what nobody foresaw is logged without its message. */
export function withErrors(logger: Logger, shape: ErrorShape) {
  return (handler: RouteHandler): RouteHandler =>
    async (c) => {
      try {
        return await handler(c);
      } catch (thrown) {
        return answerThrown(c, thrown, { logger, shape });
      }
    };
}

/** The answer to something thrown, in the given shape. */
export function answerThrown(
  c: EdgeContext,
  thrown: unknown,
  { logger, shape }: { logger: Logger; shape: ErrorShape },
): Response {
  const error = toEdgeError(thrown);
  c.get('note').errorCode = error.code;
  if (error.details.sessionId !== undefined) c.get('note').sessionId = error.details.sessionId;
  if (isFailure(error)) {
    logger.error('request failed', {
      request_id: c.get('requestId'),
      error_code: error.code,
      ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
    });
  }
  return shape(c, error);
}
