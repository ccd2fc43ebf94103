import type { RouterInputs, RouterOutputs } from '@ephemera/api';

export type SessionQuery = NonNullable<RouterInputs['sessions']['list']>;
export type SessionSummary = RouterOutputs['sessions']['list']['items'][number];
export type SessionDetail = RouterOutputs['sessions']['get'];
export type SessionState = SessionSummary['state'];
export type UsageEvent = SessionDetail['usageEvents'][number];
export type CostLine = SessionDetail['cost'][number];

/** Those that can be asked for. `admitted` lasts a moment and is among the open ones. */
export const SESSION_STATES = [
  'issued',
  'connected',
  'ended',
  'failed',
] as const satisfies readonly SessionState[];

/** `open`: issued or connected, and not over by the clock. */
export const STATE_CHOICES = ['open', ...SESSION_STATES] as const;
export type StateChoice = (typeof STATE_CHOICES)[number];

export function parseStateChoice(value: unknown): StateChoice | null {
  return STATE_CHOICES.find((state) => state === value) ?? null;
}
