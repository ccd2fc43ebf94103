import { formatWhen } from './duration.ts';
import type { KeySummary, TestResult } from './keys-api.ts';
import { sanitize } from './table.ts';

/** State, why, and until when, in a few words. */
export function describeState(key: KeySummary, nowMs: number): string {
  const { state, reason, until, drainAt } = key;
  const parts = [
    state,
    ...(reason === null ? [] : [`(${reason})`]),
    ...(until === null ? [] : [`over ${formatWhen(until, nowMs)}`]),
    ...(until === null && drainAt !== null && state !== 'draining'
      ? [`drains ${formatWhen(drainAt, nowMs)}`]
      : []),
    ...(key.isConfigured ? [] : ['(not configured any more)']),
  ];
  return parts.join(' ');
}

/** One key in one sentence; of its secret only the last four characters. */
export function describeKey(key: KeySummary, nowMs: number): string {
  return `${sanitize(key.name)} (${key.provider} …${sanitize(key.lastFour)}, ${key.id}): ${describeState(key, nowMs)}`;
}

export function describeTest({ ok, message, code, status, latencyMs }: TestResult): string {
  if (ok) return `works (${Math.round(latencyMs)} ms)`;
  const facts = [code, status === null ? null : `HTTP ${status}`, `${Math.round(latencyMs)} ms`];
  return `does not work: ${sanitize(message)} (${facts.filter((fact) => fact !== null).join(', ')})`;
}
