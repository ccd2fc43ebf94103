import type { RateLimitState } from '../errors.ts';

/** It begins with its first mint, so that no boundary of the clock lets twice as many through. */
export const RATE_WINDOW_MS = 60_000;

export type RateWindow = { startMs: number; count: number };

/** Now, and the earliest moment at which a window that is running now may have begun. */
export type WindowTime = { nowMs: number; windowSinceMs: number };

/** A window that has begun by this clock and is not over yet. One of the future is none: a clock was set back. */
export function isWindowRunning(startMs: number, { nowMs, windowSinceMs }: WindowTime): boolean {
  return startMs <= nowMs && startMs >= windowSinceMs;
}

type RateInput = { policy?: string; limit: number; window: RateWindow; nowMs: number };

export function toRateLimit({ policy = 'mint', limit, window, nowMs }: RateInput): RateLimitState {
  return {
    policy,
    limit,
    remaining: Math.max(0, limit - window.count),
    resetSeconds: Math.max(1, Math.ceil((window.startMs + RATE_WINDOW_MS - nowMs) / 1_000)),
    windowSeconds: RATE_WINDOW_MS / 1_000,
  };
}
