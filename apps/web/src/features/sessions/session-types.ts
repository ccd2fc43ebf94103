import type { RouterOutputs } from '@ephemera/api';

export type SessionSummary = RouterOutputs['sessions']['list']['items'][number];
export type SessionDetail = RouterOutputs['sessions']['get'];
export type SessionState = SessionSummary['state'];

export const SESSION_STATES = [
  'issued',
  'connected',
  'ended',
  'failed',
] as const satisfies readonly SessionState[];

export function parseSessionState(value: unknown): SessionState | null {
  return SESSION_STATES.find((state) => state === value) ?? null;
}
