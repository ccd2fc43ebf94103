import { test } from 'vitest';

import { judge, type Gate } from './gates.ts';
import type { Round } from './rounds.ts';
import type { Sample } from './sampler.ts';

const sample = (perSecond: number): Sample => ({
  perSecond,
  p50Us: 1,
  p99Us: 1,
  cpuUs: 1,
  generatorShare: 0,
  foreignShare: 0,
  answered: 1,
});

const rounds: Round[] = [2, 3, 10].map((rate) => ({ ephemera: sample(rate), floor: sample(1) }));
const createGate = (bound: Gate['bound']): Gate => ({
  title: 'rate',
  bound,
  ratio: ({ ephemera, floor }) => (ephemera?.perSecond ?? 0) / (floor?.perSecond ?? 1),
});

test('judges by the median of the paired ratios, not by the best or the mean', ({ expect }) => {
  expect(judge(createGate({ kind: 'atLeast', value: 3 }), rounds, 3).verdict).toBe('met');
  expect(judge(createGate({ kind: 'atLeast', value: 3.1 }), rounds, 3).verdict).toBe('missed');
  expect(judge(createGate({ kind: 'atMost', value: 3 }), rounds, 3).verdict).toBe('met');
  expect(judge(createGate({ kind: 'atMost', value: 2.9 }), rounds, 3).verdict).toBe('missed');
});

test('says nothing about too few rounds', ({ expect }) => {
  expect(judge(createGate({ kind: 'atLeast', value: 1 }), rounds, 4).verdict).toBe('too few rounds');
});
