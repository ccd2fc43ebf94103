const MICRO_PER_USD = 1_000_000;
const SHAPE = /^\d{1,9}(?:[.,]\d{1,6})?$/;

/** Micro-USD of an amount as people type it, `10`, `0.25` or `0,25`; null for anything else. */
export function parseDollars(text: string): number | null {
  const trimmed = text.trim().replace(/^\$\s*/, '');
  return SHAPE.test(trimmed) ? Math.round(Number(trimmed.replace(',', '.')) * MICRO_PER_USD) : null;
}

/** The other way, for a field: no grouping, and no more digits than there are. */
export function toDollarText(microUsd: number): string {
  return String(microUsd / MICRO_PER_USD);
}
