import type { LimitName, LimitValue } from './limit-types.ts';

/** Limits as they are being typed. Empty: what holds above. */
export type LimitForm = Readonly<Partial<Record<LimitName, string>>>;
export type LimitValues = Readonly<Partial<Record<LimitName, LimitValue>>>;
/** Null gives the limit back to what holds above; what is missing stays as it is. */
export type LimitChanges = Partial<Record<LimitName, number | null>>;

/** What the server takes. */
export const RANGES: Readonly<Record<LimitName, readonly [number, number]>> = {
  mintsPerMinute: [1, 100_000_000],
  mintsPerMinutePerAddress: [1, 100_000_000],
  maxOpenSessions: [1, 100_000_000],
  maxTtlSeconds: [10, 7_200],
  maxSessionSeconds: [30, 3_600],
};

/** Those that are counted in seconds, and read as a length of time. */
export function isTime(name: LimitName): boolean {
  return name === 'maxTtlSeconds' || name === 'maxSessionSeconds';
}

export function toForm(names: readonly LimitName[], values: LimitValues): LimitForm {
  const entries = names.map((name) => {
    const limit = values[name];
    return [name, limit?.isOwn === true ? String(limit.value) : ''];
  });
  return Object.fromEntries(entries);
}

function isInRange(name: LimitName, text: string): boolean {
  const [least, most] = RANGES[name];
  const value = Number(text);
  return text === '' || (Number.isInteger(value) && value >= least && value <= most);
}

export function findLimitProblem(names: readonly LimitName[], form: LimitForm): LimitName | null {
  return names.find((name) => !isInRange(name, form[name]?.trim() ?? '')) ?? null;
}

/** Only what was changed: two people who change different limits do not undo each other's. */
export function findChanges(names: readonly LimitName[], before: LimitForm, after: LimitForm): LimitChanges {
  const changed = names
    .map((name) => [name, before[name]?.trim() ?? '', after[name]?.trim() ?? ''] as const)
    .filter(([, old, next]) => old !== next);
  return Object.fromEntries(changed.map(([name, , next]) => [name, next === '' ? null : Number(next)]));
}
