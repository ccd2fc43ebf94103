import type { RouterOutputs } from '@ephemera/api';

type Keys = RouterOutputs['keys'];

export type KeyList = Keys['list'];
export type KeySummary = KeyList['items'][number];
export type KeyState = KeySummary['state'];
export type KeyAlert = KeyList['alerts'][number];
export type PoolPolicy = KeyList['policy'];
export type ProviderChoice = KeyList['providers'][number];
export type KeyDetail = Keys['get'];
export type KeyEvent = KeyDetail['events'][number];
export type TestResult = Keys['testCandidate'];
export type UsageHour = Keys['usage']['hours'][number];
export type RotatedKey = Keys['rotate'];

export const KEY_STATES = [
  'active',
  'cooling_down',
  'exhausted',
  'quarantined',
  'disabled',
  'draining',
] as const satisfies readonly KeyState[];

export function parseKeyState(value: unknown): KeyState | null {
  return KEY_STATES.find((state) => state === value) ?? null;
}
