import type { TestResult } from './key-types.ts';

export const ROTATE_STEPS = ['key', 'test', 'overlap', 'summary'] as const;
export type RotateStep = (typeof ROTATE_STEPS)[number];

export const OVERLAPS = [0, 900, 3_600, 86_400] as const;
export type Overlap = (typeof OVERLAPS)[number];

/** The guided rotation. The new key itself is not in here: it never enters state that outlives the dialog. */
export type Rotation = {
  step: RotateStep;
  overlapSeconds: Overlap;
  /** Of the key that is typed in now; `null` before a test. */
  test: TestResult | null;
};

export const FIRST_ROTATION: Rotation = { step: 'key', overlapSeconds: 900, test: null };

export type RotationEvent =
  | { type: 'moved'; by: 1 | -1 }
  /** `null`: another key was typed in, so that what was found out is about none. */
  | { type: 'tested'; result: TestResult | null }
  | { type: 'overlap_chosen'; seconds: Overlap };

function move(step: RotateStep, by: 1 | -1): RotateStep {
  return ROTATE_STEPS[ROTATE_STEPS.indexOf(step) + by] ?? step;
}

export function rotate(rotation: Rotation, event: RotationEvent): Rotation {
  if (event.type === 'moved') return { ...rotation, step: move(rotation.step, event.by) };
  if (event.type === 'tested') return { ...rotation, test: event.result };
  return { ...rotation, overlapSeconds: event.seconds };
}

/** When the old key stops taking new sessions; `null` means at once. */
export function findDrainTime(overlapSeconds: number, now: number): number | null {
  return overlapSeconds === 0 ? null : now + overlapSeconds * 1_000;
}
