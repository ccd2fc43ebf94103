import type { ConnectStep } from './session/steps.ts';

/**
 * What went wrong, as a stable name to switch on and to translate.
 *
 * Before the call: `microphone_denied` the person or the system said no · `microphone_missing` no such device ·
 * `microphone_failed` the device is there but cannot be read · `mint_refused` the broker said no (`brokerCode` says why) ·
 * `broker_unreachable` the broker could not be reached · `provider_unreachable` the provider could not be reached, by the
 * broker or from here · `token_rejected` the provider refused the secret · `token_expired` the secret was too old ·
 * `call_rejected` the provider refused the call (`providerCode` says why) · `sdp_invalid` offer or answer was not accepted ·
 * `turn_unavailable` only relays were asked for and the broker has none · `turn_unauthorized` the TURN server refused the
 * credential · `ice_failed` no network path · `timeout` a step took too long · `aborted` the caller gave up.
 *
 * During the call: `ice_failed` the path broke and did not come back · `channel_closed` the provider ended the call ·
 * `session_expired` the provider's maximum length was reached · `not_connected` something was sent without a call ·
 * `playback_blocked` the browser wants a gesture before it plays · `report_refused` the broker did not take a report (both
 * only as events).
 *
 * `protocol` is an answer that makes no sense; `unsupported` is a platform without WebRTC.
 */
export type RealtimeErrorCode =
  | 'microphone_denied'
  | 'microphone_missing'
  | 'microphone_failed'
  | 'mint_refused'
  | 'broker_unreachable'
  | 'provider_unreachable'
  | 'token_rejected'
  | 'token_expired'
  | 'call_rejected'
  | 'sdp_invalid'
  | 'turn_unavailable'
  | 'turn_unauthorized'
  | 'ice_failed'
  | 'channel_closed'
  | 'session_expired'
  | 'report_refused'
  | 'timeout'
  | 'playback_blocked'
  | 'protocol'
  | 'not_connected'
  | 'unsupported'
  | 'aborted';

export type RealtimeErrorDetails = {
  cause?: unknown;
  /** The step of `connect()` that failed. */
  step?: ConnectStep | undefined;
  /** HTTP status of the answer that was refused. */
  status?: number | undefined;
  /** `X-Request-Id` of that answer, to quote in a support request. */
  requestId?: string | undefined;
  /** The provider's own `error.code`, for instance `insufficient_quota`. */
  providerCode?: string | undefined;
  /** The broker's `AppErrorCode`, for instance `forbidden`. */
  brokerCode?: string | undefined;
  /** The broker's row that records a refused mint. */
  sessionId?: string | undefined;
  /** Overrides what the code says about trying again. */
  isRetryable?: boolean | undefined;
};

const RETRYABLE: ReadonlySet<RealtimeErrorCode> = new Set([
  'broker_unreachable',
  'provider_unreachable',
  'token_expired',
  'turn_unauthorized',
  'ice_failed',
  'channel_closed',
  'session_expired',
  'timeout',
]);

/** The one error this package throws. `code` is stable; `message` is English, for logs and developers. */
export class RealtimeError extends Error {
  override readonly name = 'RealtimeError';
  readonly code: RealtimeErrorCode;
  /** Whether the same thing, tried again with a new session, has a chance. */
  readonly retryable: boolean;
  readonly step: ConnectStep | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly providerCode: string | undefined;
  readonly brokerCode: string | undefined;
  readonly sessionId: string | undefined;

  constructor(code: RealtimeErrorCode, message: string, details: RealtimeErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retryable = details.isRetryable ?? RETRYABLE.has(code);
    this.step = details.step;
    this.status = details.status;
    this.requestId = details.requestId;
    this.providerCode = details.providerCode;
    this.brokerCode = details.brokerCode;
    this.sessionId = details.sessionId;
  }

  /** The same error, naming the step it happened in. */
  atStep(step: ConnectStep): RealtimeError {
    const { status, requestId, providerCode, brokerCode, sessionId, cause, retryable: isRetryable } = this;
    const details = { cause, step, status, requestId, providerCode, brokerCode, sessionId, isRetryable };
    return new RealtimeError(this.code, this.message, details);
  }
}
