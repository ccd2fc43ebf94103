import { test } from 'vitest';

import { judgeFlood, judgeReject } from './forged.ts';

test('forged tokens must be refused three times as fast as mints, and without the database', ({ expect }) => {
  const rounds = [
    { mintsPerSecond: 1_000, refusalsPerSecond: 3_000 },
    { mintsPerSecond: 1_000, refusalsPerSecond: 2_000 },
    { mintsPerSecond: 1_000, refusalsPerSecond: 9_000 },
  ];
  const verdicts = (statements: number) =>
    judgeReject(rounds, { tokens: 2_000, statements }).map(({ verdict }) => verdict);
  expect(verdicts(0)).toEqual(['met', 'met']);
  expect(verdicts(1)).toEqual(['met', 'missed']);
  expect(judgeReject(rounds.slice(1, 2), { tokens: 1, statements: 0 })[0]?.verdict).toBe('missed');
});

test('a flood may double the p99 of good callers at most', ({ expect }) => {
  expect(judgeFlood([{ quietP99Us: 1_000, floodP99Us: 2_000 }])[0]?.verdict).toBe('met');
  expect(judgeFlood([{ quietP99Us: 1_000, floodP99Us: 2_001 }])[0]?.verdict).toBe('missed');
});
