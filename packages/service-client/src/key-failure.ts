import { readRetryAfterMs } from './retry-after.ts';
import { type Clock, raceDeadline } from './runtime.ts';

/**
 * What a failed use says about its key. `key`: the key is at fault, another one may work · `provider`: the provider
 * failed, with any key · `other`: neither can be told.
 */
export type FailureVerdict =
  | { kind: 'key'; error: KeyErrorCode; retryAfterMs: number | undefined }
  | { kind: 'provider'; error: string }
  | { kind: 'other' };

/** The codes that the server's pool acts on. */
export type KeyErrorCode =
  | 'invalid_api_key'
  | 'account_deactivated'
  | 'insufficient_quota'
  | 'billing_hard_limit_reached'
  | 'rate_limit_exceeded';

/** The providers' own words for them: OpenAI's codes, Google's reasons, Anthropic's types. */
const KEY_CODES: Readonly<Record<string, KeyErrorCode>> = {
  invalid_api_key: 'invalid_api_key',
  incorrect_api_key_provided: 'invalid_api_key',
  authentication_error: 'invalid_api_key',
  API_KEY_INVALID: 'invalid_api_key',
  account_deactivated: 'account_deactivated',
  CONSUMER_SUSPENDED: 'account_deactivated',
  insufficient_quota: 'insufficient_quota',
  billing_not_active: 'insufficient_quota',
  billing_hard_limit_reached: 'billing_hard_limit_reached',
  rate_limit_exceeded: 'rate_limit_exceeded',
  rate_limit_error: 'rate_limit_exceeded',
  RATE_LIMIT_EXCEEDED: 'rate_limit_exceeded',
  RESOURCE_EXHAUSTED: 'rate_limit_exceeded',
};

const KEY_STATUS: Readonly<Record<number, KeyErrorCode>> = {
  401: 'invalid_api_key',
  402: 'insufficient_quota',
  429: 'rate_limit_exceeded',
};

/** Longer bodies than this hold no error object. */
const MAX_BODY_CHARACTERS = 16_384;
/** The caller waits for its answer meanwhile. */
const MAX_BODY_MS = 1_000;

/** Judges what `fn` threw: an error with `status` and `code` as the SDKs throw it, or a Response. */
export async function judgeThrown(thrown: unknown, clock: Clock): Promise<FailureVerdict> {
  if (isResponse(thrown)) return await judgeResponse(thrown, clock);
  return judgeFacts(collectFacts(thrown), clock.now());
}

/** Judges what `fn` returned: only a Response that is not ok is a failure. */
export async function judgeReturned(value: unknown, clock: Clock): Promise<FailureVerdict | null> {
  return isResponse(value) && !value.ok ? await judgeResponse(value, clock) : null;
}

type Facts = { status: number | undefined; codes: readonly string[]; headers: Headers | undefined };

function judgeFacts({ status, codes, headers }: Facts, nowMs: number): FailureVerdict {
  const known = codes.find((code) => Object.hasOwn(KEY_CODES, code));
  // A 429 for an empty account carries both: the more lasting of the two counts.
  const error = (known === undefined ? undefined : KEY_CODES[known]) ?? KEY_STATUS[status ?? 0];
  if (error !== undefined && (status === undefined || status < 500)) {
    const retryAfterMs = headers === undefined ? undefined : readRetryAfterMs(headers, nowMs);
    return { kind: 'key', error, retryAfterMs };
  }
  if (status !== undefined && (status >= 500 || status === 408)) {
    return { kind: 'provider', error: `http_${status}` };
  }
  return { kind: 'other' };
}

async function judgeResponse(response: Response, clock: Clock): Promise<FailureVerdict> {
  const { status, headers } = response;
  const text = status >= 500 ? '' : await readStart(response, clock);
  return judgeFacts({ status, headers, codes: collectCodes(parseJson(text)) }, clock.now());
}

/** What arrives of a copy of the body, within limits. Empty where somebody else has begun to read it. */
async function readStart(response: Response, clock: Clock): Promise<string> {
  if (response.bodyUsed || response.body?.locked !== false) return '';
  const reader = response.clone().body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  const read = async (): Promise<void> => {
    while (text.length < MAX_BODY_CHARACTERS) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
    }
  };
  // A body that is cut is the caller's to find out: here the status is enough.
  await raceDeadline(clock, MAX_BODY_MS, read()).catch(() => undefined);
  // Not awaited: a copy is only done with when the caller is done with the original.
  reader.cancel().catch(() => undefined);
  return text;
}

function isResponse(value: unknown): value is Response {
  return (
    isRecord(value) &&
    typeof value['status'] === 'number' &&
    typeof value['ok'] === 'boolean' &&
    typeof value['clone'] === 'function'
  );
}

function collectFacts(thrown: unknown): Facts {
  if (!isRecord(thrown)) return { status: undefined, codes: [], headers: undefined };
  const response = isRecord(thrown['response']) ? thrown['response'] : {};
  const status = [thrown['status'], thrown['statusCode'], response['status']].find(isHttpStatus);
  const headers = [thrown['headers'], response['headers']].find((it) => it instanceof Headers);
  return { status, headers, codes: collectCodes(thrown) };
}

function isHttpStatus(value: unknown): value is number {
  return typeof value === 'number' && value >= 100 && value < 600;
}

/** `code`, `type`, `status` in words, and Google's `details[].reason`, of the value and of the `error` inside it. */
function collectCodes(value: unknown, depth = 0): string[] {
  if (!isRecord(value) || depth > 2) return [];
  const details: unknown[] = Array.isArray(value['details']) ? value['details'] : [];
  const reasons = details.map((detail) => (isRecord(detail) ? detail['reason'] : undefined));
  const own = [value['code'], value['type'], ...reasons, value['status']];
  return [...own.filter((code) => typeof code === 'string'), ...collectCodes(value['error'], depth + 1)];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
