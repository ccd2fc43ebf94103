import type { KeySummary } from './key-types.ts';

/** A key for tests: active, unrestricted, never used. */
export function createKey(change: Partial<KeySummary> = {}): KeySummary {
  return {
    id: 'key_1',
    name: 'Checkout',
    environment: 'live',
    prefix: 'eph_live_',
    lastFour: 'x9Lw',
    scopes: ['tokens:mint'],
    allowedModels: null,
    allowedOrigins: null,
    mintsPerMinute: null,
    maxOpenSessions: null,
    maxTtlSeconds: null,
    maxSessionSeconds: null,
    createdAt: '2026-11-01T09:00:00.000Z',
    createdBy: 'Ada',
    expiresAt: null,
    lastUsedAt: null,
    lastUsedPrefix: null,
    replacedBy: null,
    graceUntil: null,
    state: 'active',
    openSessions: 0,
    budget: null,
    ...change,
  };
}
