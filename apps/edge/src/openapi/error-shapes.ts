import { AppError, type AppErrorCode, type AppErrorDetails } from '@ephemera/api';
import { Hono } from 'hono';
import * as z from 'zod';

import type { EdgeEnv } from '../http/edge-context.ts';
import {
  answerFailure,
  answerNodeProblem,
  answerOpenAiError,
  answerPlainError,
  answerProblem,
  type ErrorShape,
} from '../http/error-answers.ts';
import type { Named } from './operation.ts';

const requestId = z.string();

const problem: Named = {
  name: 'Problem',
  schema: z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    requestId,
    param: z.string().optional(),
  }),
};

/** How each shape of an error looks in JSON. */
export const ERROR_SCHEMAS: ReadonlyMap<ErrorShape, Named> = new Map([
  [
    answerOpenAiError,
    {
      name: 'OpenAiError',
      schema: z.strictObject({
        error: z.strictObject({
          message: z.string(),
          type: z.string(),
          param: z.string().nullable(),
          code: z.string(),
          request_id: requestId,
          provider: z.strictObject({ status: z.int().nullable(), code: z.string().nullable() }).optional(),
        }),
      }),
    },
  ],
  [
    answerFailure,
    {
      name: 'Failure',
      schema: z.strictObject({
        success: z.literal(false),
        error: z.string(),
        requestId,
        details: z.record(z.string(), z.unknown()).optional(),
      }),
    },
  ],
  [answerPlainError, { name: 'PlainError', schema: z.strictObject({ error: z.string() }) }],
  [answerProblem, problem],
  [answerNodeProblem, problem],
]);

/** A text of each code, as it may be met. */
const MESSAGES = {
  invalid_request: 'The request is not valid.',
  model_not_found: 'There is no such model.',
  unauthenticated: 'This needs a user token or an access key in the Authorization header (Bearer …).',
  token_expired: 'The token has expired.',
  reauthentication_required: 'Sign in again first.',
  budget_exceeded: 'The budget is used up.',
  forbidden: 'You may not do this.',
  insufficient_scope: 'This access key lacks the scope.',
  model_not_allowed: 'You may not use this model.',
  origin_not_allowed: 'This access key may not be used from this page.',
  user_blocked: 'This user is blocked.',
  not_found: 'There is no such thing.',
  method_not_allowed: 'This method is not allowed here.',
  conflict: 'There is one already.',
  idempotency_conflict: 'The first request with this Idempotency-Key is still under way.',
  payload_too_large: 'The body is too large.',
  unsupported_media_type: 'Send JSON with its content type.',
  idempotency_key_reused: 'This Idempotency-Key came with another body before.',
  rate_limited: 'Too many requests: try again later.',
  session_limit: 'Too many open sessions.',
  upstream_rejected: 'The provider refused the request.',
  upstream_unreachable: 'The provider cannot be reached.',
  upstream_invalid: 'The provider gave an answer that makes no sense.',
  upstream_rate_limited: 'The provider takes no more requests at the moment.',
  no_healthy_provider_key: 'No provider key is fit at the moment.',
  unavailable: 'The service is busy: try again.',
  upstream_timeout: 'The provider did not answer in time.',
  mailbox_full: 'The mailbox of every recipient is full: nothing was sent.',
  internal: 'Something went wrong on our side.',
} as const satisfies Record<AppErrorCode, string>;

const RETRY: AppErrorDetails = { retryAfterSeconds: 5 };
const PROVIDER: AppErrorDetails = { provider: { status: 400, code: 'invalid_value' } };
const DETAILS: Partial<Record<AppErrorCode, AppErrorDetails>> = {
  model_not_found: { param: 'session.model' },
  rate_limited: {
    ...RETRY,
    rateLimit: { policy: 'mint', limit: 60, remaining: 0, resetSeconds: 5, windowSeconds: 60 },
  },
  session_limit: RETRY,
  mailbox_full: RETRY,
  unavailable: RETRY,
  upstream_rate_limited: RETRY,
  upstream_rejected: PROVIDER,
};

export type ErrorExample = {
  /** Unique within a shape. */
  name: string;
  code: AppErrorCode;
  status: number;
  contentType: string;
  headers: readonly string[];
  body: unknown;
};

async function render(shape: ErrorShape, error: AppError, name: string): Promise<ErrorExample> {
  const app = new Hono<EdgeEnv>();
  app.get('*', (c) => {
    c.set('requestId', 'req_01kajv0000000000000000000');
    c.set('answerHeaders', {});
    c.set('showsDetails', false);
    return shape(c, error);
  });
  const response = await app.request('/', { headers: { authorization: 'Bearer of-somebody' } });
  const contentType = response.headers.get('content-type') ?? '';
  const headers = [...response.headers.keys()].filter((it) => it !== 'content-type');
  return {
    name,
    code: error.code,
    status: response.status,
    contentType,
    headers,
    body: await response.json(),
  };
}

/** The error as this shape really writes it: there are no examples that nobody has ever been sent. */
export async function renderErrors(
  shape: ErrorShape,
  codes: readonly AppErrorCode[],
  hasBody: boolean,
): Promise<ErrorExample[]> {
  const rendered = codes.map((code) =>
    render(shape, new AppError(code, MESSAGES[code], { details: DETAILS[code] ?? {} }), code),
  );
  const field = new AppError('invalid_request', "Invalid value for 'name': it is missing.", {
    details: { param: 'name' },
  });
  return await Promise.all(hasBody ? [...rendered, render(shape, field, 'invalid_field')] : rendered);
}
