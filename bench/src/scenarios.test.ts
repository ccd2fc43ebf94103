import { test } from 'vitest';

import type { Sample } from './sampler.ts';
import { LOAD_SCENARIOS, type LoadScenarioName } from './scenarios.ts';

const sample = (perSecond: number, p50Us: number): Sample => ({
  perSecond,
  p50Us,
  p99Us: 1,
  cpuUs: 1,
  generatorShare: 0,
  foreignShare: 0,
  answered: 1,
});

const gateOf = (name: LoadScenarioName) =>
  LOAD_SCENARIOS.find((scenario) => scenario.name === name)?.gates[0];

test('failover compares what the lost try adds, not whole answers', ({ expect }) => {
  const round = {
    'peer-two-targets': sample(1, 900),
    'peer-fallback': sample(1, 1_900),
    'ephemera-two-keys': sample(1, 400),
    'ephemera-failover': sample(1, 800),
  };
  expect(gateOf('failover')?.ratio(round)).toBe(0.4);
});

test('a slower mint beside an open breaker is more than 1, by time and by rate', ({ expect }) => {
  const round = { 'ephemera-two-keys': sample(2_000, 400), 'ephemera-breaker': sample(1_000, 800) };
  expect(gateOf('breaker')?.ratio(round)).toBe(2);
  expect(gateOf('breaker-rate')?.ratio(round)).toBe(2);
});

test('a slower internal read is less than 1', ({ expect }) => {
  const round = { 'bare-query': sample(1_000, 1), 'internal-read': sample(500, 1) };
  expect(gateOf('internal-read')?.ratio(round)).toBe(0.5);
});
