export type MeterTone = 'normal' | 'warning' | 'danger';

/** In hundredths of the bar. */
export type MeterParts = { used: number; held: number; tone: MeterTone };

const WARNING = 0.8;
/** So little that it would not be seen is drawn so that it is. */
const LEAST_PERCENT = 1;

function toPercent(value: number, max: number): number {
  if (value <= 0) return 0;
  return max <= 0 ? 100 : Math.min(100, Math.max(LEAST_PERCENT, (value / max) * 100));
}

function findTone(ratio: number): MeterTone {
  if (ratio >= 1) return 'danger';
  return ratio >= WARNING ? 'warning' : 'normal';
}

/** What is held counts as used for the colour: it may be needed. A limit of nothing is full at once. */
export function findMeterParts(facts: { value: number; max: number; held?: number | undefined }): MeterParts {
  const held = Math.max(0, facts.held ?? 0);
  const taken = Math.max(0, facts.value) + held;
  const used = toPercent(facts.value, facts.max);
  return {
    used,
    held: Math.min(100 - used, toPercent(held, facts.max)),
    tone: findTone(facts.max <= 0 ? 1 : taken / facts.max),
  };
}
