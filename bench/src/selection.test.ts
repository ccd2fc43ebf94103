import { test } from 'vitest';

import { judgeSelection } from './selection.ts';

test('judges each size of the pool by its own median', ({ expect }) => {
  const gates = judgeSelection([
    { keys: 1, usPerPick: [1, 50, 900], statements: 0 },
    { keys: 20, usPerPick: [1, 51, 52], statements: 0 },
  ]);
  expect(gates.map(({ verdict }) => verdict)).toEqual(['met', 'missed', 'met']);
});

test('one call of the database among all selections is one too many', ({ expect }) => {
  const gates = judgeSelection([
    { keys: 1, usPerPick: [1], statements: 0 },
    { keys: 3, usPerPick: [1], statements: 1 },
  ]);
  expect(gates.at(-1)).toMatchObject({ spread: { median: 1 }, verdict: 'missed' });
});
