import { test } from 'vitest';

import { BENCH_KEYS } from '../bench-keys.ts';
import { createKeyBehaviour } from './key-behaviour.ts';

test('refuses every other request of the keys in turn, whichever of them it is', ({ expect }) => {
  const answerTo = createKeyBehaviour();
  const [one, two] = BENCH_KEYS.inTurn.map((key) => `Bearer ${key}`);
  const answers = [one, two, two, one, one, two].map(answerTo);
  expect(answers).toEqual(['rate_limited', 'ok', 'rate_limited', 'ok', 'rate_limited', 'ok']);
});

test('answers the other keys the same every time, and counts no turn for them', ({ expect }) => {
  const answerTo = createKeyBehaviour();
  for (let time = 0; time < 3; time += 1) {
    expect(answerTo(`Bearer ${BENCH_KEYS.rateLimited}`)).toBe('rate_limited');
    expect(answerTo(`Bearer ${BENCH_KEYS.failing}`)).toBe('server_error');
    expect(answerTo(`Bearer ${BENCH_KEYS.healthy}`)).toBe('ok');
    expect(answerTo(undefined)).toBe('ok');
  }
  expect(answerTo(`Bearer ${BENCH_KEYS.inTurn[1]}`)).toBe('rate_limited');
});
