import { RealtimeError } from '../errors.ts';
import type { RealtimeErrorCode } from '../errors.ts';

type ProviderError = { message: string; code: string | null; param: string | null };

/** Reads the provider's error body, so that its own words do not end up in the SDP parser. */
export async function createCallError(response: Response, isExpired: boolean): Promise<RealtimeError> {
  const { status, headers } = response;
  const error = readProviderError(await response.text().catch(() => ''));
  return new RealtimeError(classify(status, error, isExpired), describe(status, error), {
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    providerCode: error?.code ?? undefined,
    ...(status === 408 || status === 409 || status === 429 || status >= 500 ? { isRetryable: true } : {}),
  });
}

function classify(status: number, error: ProviderError | null, isExpired: boolean): RealtimeErrorCode {
  const words = `${error?.code ?? ''} ${error?.message ?? ''}`;
  if (status === 401) return isExpired || /expired/i.test(words) ? 'token_expired' : 'token_rejected';
  const isAboutSdp = error === null || /sdp|offer/i.test(`${words} ${error.param ?? ''}`);
  return status === 400 && isAboutSdp ? 'sdp_invalid' : 'call_rejected';
}

function describe(status: number, error: ProviderError | null): string {
  return error?.message
    ? `The provider answered ${status}: ${error.message}`
    : `The provider answered ${status}`;
}

function readProviderError(text: string): ProviderError | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  const error = field(body, 'error');
  const message = field(error, 'message');
  if (typeof message !== 'string') return null;
  return { message, code: asText(field(error, 'code')), param: asText(field(error, 'param')) };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
