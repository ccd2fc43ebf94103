import { expect, test } from 'vitest';

import { expectCountersToEqualRows } from '../../test/admission.ts';
import { ADA, createTestApi, createTestClock } from '../../test/fixtures.ts';
import { createToken } from '../services/tokens/create.ts';
import { createClockWatch } from './clock-watch.ts';
import { createRefusalShield } from './refusal-shield.ts';
import { createRulesBook } from './rules-book.ts';

const WINDOW_MS = 60_000;
const RATE = 3;
const STEPS = 250;

/** Numbers of 0 to 1 that are the same for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('a clock that is set back by less than a window does not make anybody wait for it twice', async () => {
  const clock = createTestClock();
  await using api = await createTestApi({ clock, limits: { mintsPerMinute: 1 } });
  await createToken(api.as(ADA), {});
  clock.advance(55_000);
  await expect(createToken(api.as(ADA), {})).rejects.toMatchObject({ code: 'rate_limited' });
  clock.jump(-54_000);
  clock.advance(5_000);
  await expect(createToken(api.as(ADA), {})).resolves.toBeDefined();
  await expect(createToken(api.as(ADA), {})).rejects.toMatchObject({ code: 'rate_limited' });
});

for (const seed of [1, 2, 3, 4])
  test(`fault 14, seed ${seed}: whatever the clock does, nobody is locked out for longer than a window of real time`, async () => {
    const random = createRandom(seed);
    const clock = createTestClock();
    await using api = await createTestApi({ clock, limits: { mintsPerMinute: RATE } });
    // Two processes on one database.
    const contexts = Array.from({ length: 2 }, () => ({
      ...api.as(ADA),
      rules: createRulesBook(createClockWatch(clock.uptimeMs)),
      refusals: createRefusalShield(60),
    }));
    const mintAtBoth = async (): Promise<number> => {
      const outcomes = await Promise.allSettled(contexts.map((context) => createToken(context, {})));
      return outcomes.filter(({ status }) => status === 'fulfilled').length;
    };
    let lockedSinceMs: number | null = null;
    let longestMs = 0;
    let minted = 0;
    let jumps = 0;
    for (let step = 0; step < STEPS; step += 1) {
      clock.advance(Math.floor(random() * 9_000));
      if (random() < 0.15) {
        const jumpMs = Math.floor((random() - 0.6) * 2 * (random() < 0.7 ? WINDOW_MS : 3_600_000));
        clock.jump(jumpMs);
        jumps += 1;
      }
      const many = await mintAtBoth();
      minted += many;
      if (many > 0) lockedSinceMs = null;
      else {
        lockedSinceMs ??= clock.uptimeMs();
        longestMs = Math.max(longestMs, clock.uptimeMs() - lockedSinceMs);
      }
    }
    expect(longestMs).toBeLessThan(WINDOW_MS);
    expect(jumps).toBeGreaterThan(10);
    // A jump gives each process that sees it one window more at most.
    const windows = Math.ceil(clock.uptimeMs() / WINDOW_MS) + 2 * jumps;
    expect(minted).toBeLessThanOrEqual(RATE * windows);
    await expectCountersToEqualRows(api, expect);
  });
