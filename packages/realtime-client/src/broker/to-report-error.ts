import { RealtimeError } from '../errors.ts';

/** A broker of the caller's own may throw anything. */
export function toReportError(cause: unknown): RealtimeError {
  return cause instanceof RealtimeError
    ? cause
    : new RealtimeError('broker_unreachable', 'The report was not delivered', { cause });
}
