import type { Round } from './rounds.ts';
import { type Spread, summarizeSpread } from './statistics.ts';

export type Bound = { kind: 'atLeast'; value: number } | { kind: 'atMost'; value: number };

/** A ratio that each round yields by itself, judged by the median over the rounds. */
export type Gate = { title: string; bound: Bound; ratio: (round: Round) => number };

export type Verdict = 'met' | 'missed' | 'too few rounds';
export type GateResult = { title: string; bound: Bound; spread: Spread; verdict: Verdict };

export function isWithin(bound: Bound, value: number): boolean {
  return bound.kind === 'atLeast' ? value >= bound.value : value <= bound.value;
}

/** A ratio, or a figure, of each round by itself, judged by the median over them. */
export function createGate(title: string, bound: Bound, values: readonly number[]): GateResult {
  const spread = summarizeSpread(values);
  return { title, bound, spread, verdict: isWithin(bound, spread.median) ? 'met' : 'missed' };
}

export function judge(gate: Gate, rounds: readonly Round[], wanted: number): GateResult {
  const spread = summarizeSpread(rounds.map(gate.ratio));
  const { title, bound } = gate;
  if (rounds.length < wanted) return { title, bound, spread, verdict: 'too few rounds' };
  return { title, bound, spread, verdict: isWithin(bound, spread.median) ? 'met' : 'missed' };
}
