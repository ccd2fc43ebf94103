import type { MessageKey } from '../i18n/dictionary.ts';
import { en } from '../i18n/en/en.ts';

/** The codes that have words of their own in every language. */
export type UiErrorCode = MessageKey extends infer K
  ? K extends `error.${infer Code}.title`
    ? Code
    : never
  : never;

export type UiError = {
  code: UiErrorCode;
  title: string;
  cause: string;
  action: string;
  /** `X-Request-Id` of the answer, to quote in a support request. */
  requestId: string | null;
};

export type Translate = (key: MessageKey) => string;

type Facts = { code: UiErrorCode; detail: UiErrorCode | null; requestId: string | null };

export function isUiErrorCode(code: string | null): code is UiErrorCode {
  return code !== null && `error.${code}.title` in en;
}

function readField(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function readText(value: unknown, key: string): string | null {
  const field = readField(value, key);
  return typeof field === 'string' && field !== '' ? field : null;
}

/** Codes of the broker that mean to a reader what another code means. */
const SAME_AS: Readonly<Record<string, UiErrorCode>> = {
  upstream_unreachable: 'provider_unreachable',
  upstream_invalid: 'provider_error',
  payload_too_large: 'invalid_request',
  idempotency_key_reused: 'invalid_request',
  idempotency_conflict: 'conflict',
  insufficient_scope: 'forbidden',
  origin_not_allowed: 'forbidden',
  unsupported_media_type: 'invalid_request',
  method_not_allowed: 'invalid_request',
};

function toKnown(code: string | null, otherwise: UiErrorCode): UiErrorCode {
  const meant = code === null ? null : (SAME_AS[code] ?? code);
  return isUiErrorCode(meant) ? meant : otherwise;
}

/** In an answer of the broker an expired token is the user's own, not the provider's secret. */
function toBrokerCode(code: string | null): UiErrorCode {
  return code === 'token_expired' ? 'unauthenticated' : toKnown(code, 'internal');
}

/** A refused mint says more by the broker's own code, for instance that the limit was reached. */
function readRealtimeFacts(error: Error): Facts {
  const brokerCode = readText(error, 'brokerCode');
  return {
    code: toKnown(readText(error, 'code'), 'unknown'),
    detail: brokerCode === null ? null : toBrokerCode(brokerCode),
    requestId: readText(error, 'requestId'),
  };
}

function readTrpcFacts(error: Error): Facts {
  const data = readField(error, 'data');
  if (data === undefined || data === null) {
    return error.cause === undefined || error.cause === error ? facts('unknown') : readFacts(error.cause);
  }
  return {
    code: toBrokerCode(readText(data, 'appCode')),
    detail: null,
    requestId: readText(data, 'requestId'),
  };
}

/** For an answer whose code is not one of the broker's. */
const STATUS_CODES: Readonly<Record<number, UiErrorCode>> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  422: 'invalid_request',
  429: 'rate_limited',
  503: 'unavailable',
};

function readStatusFacts(error: Error): Facts {
  const byStatus = STATUS_CODES[Number(readField(error, 'status'))] ?? 'internal';
  const code = toKnown(readText(error, 'code'), byStatus);
  return { code, detail: null, requestId: readText(error, 'requestId') };
}

function facts(code: UiErrorCode): Facts {
  return { code, detail: null, requestId: null };
}

function readFacts(error: unknown): Facts {
  if (!(error instanceof Error)) return facts('unknown');
  switch (error.name) {
    case 'RealtimeError':
      return readRealtimeFacts(error);
    case 'TRPCClientError':
      return readTrpcFacts(error);
    case 'ApiError':
      return readStatusFacts(error);
    case 'SignedOutError':
      return facts('unauthenticated');
    case 'TypeError':
      // What every browser throws when `fetch` finds no server.
      return facts('network');
    default:
      return facts('unknown');
  }
}

/** Any failure in the reader's language: what happened, why, what to do, and the id to quote. */
export function toUiError(error: unknown, t: Translate): UiError {
  const { code, detail, requestId } = readFacts(error);
  const reason = detail ?? code;
  return {
    code,
    title: t(`error.${code}.title`),
    cause: t(`error.${reason}.cause`),
    action: t(`error.${reason}.action`),
    requestId,
  };
}

/** Whether signing in again is what helps. */
export function isSignedOut(error: unknown): boolean {
  return readFacts(error).code === 'unauthenticated';
}

const TRANSIENT: ReadonlySet<UiErrorCode> = new Set(['network', 'unavailable', 'internal']);

/** Whether the same request has a chance a moment later, without the reader doing anything. */
export function isWorthRetrying(error: unknown): boolean {
  return TRANSIENT.has(readFacts(error).code);
}
