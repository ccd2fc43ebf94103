import type { LimitChanges, LimitValues } from './limit-form.ts';
import type { LimitMessage } from './limit-text.ts';
import type { LimitName } from './limit-types.ts';

export type LimitsModel = {
  names: readonly LimitName[];
  values: LimitValues;
  canWrite: boolean;
  /** What an own and an inherited value are called here. */
  words: { own: LimitMessage; inherited: LimitMessage };
  save: (changes: LimitChanges) => Promise<unknown>;
};
