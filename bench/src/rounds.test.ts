import { test } from 'vitest';

import { runRounds, type RoundsOptions } from './rounds.ts';
import type { Sample, Sampler } from './sampler.ts';
import type { Target, TargetName } from './target.ts';

const target = (name: TargetName): Target => ({
  name,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because no round looks at the process itself
  server: { name, pid: 0, port: 0 } as Target['server'],
  request: { method: 'POST', path: '/', headers: {}, body: '' },
  ledger: null,
  failedTriesPerMint: null,
});

function createSampler(shares: Partial<Record<TargetName, number[]>>): Sampler {
  return {
    warmUp: () => Promise.resolve(),
    sample: ({ name }) => {
      const foreignShare = shares[name]?.shift() ?? 0;
      const sample: Sample = {
        perSecond: 1,
        p50Us: 1,
        p99Us: 1,
        cpuUs: 1,
        generatorShare: 0,
        foreignShare,
        answered: 1,
      };
      return Promise.resolve(sample);
    },
  };
}

function createOptions(sampler: Sampler): RoundsOptions {
  return {
    sampler,
    targets: [target('floor'), target('ephemera')],
    shape: { connections: 1, durationMs: 1 },
    wanted: 2,
    foreignShare: 0.06,
    budgetMs: 60_000,
    random: () => 0,
    onProgress: () => undefined,
  };
}

test('replaces a noisy sample and counts it', async ({ expect }) => {
  const rounds = await runRounds(createOptions(createSampler({ floor: [0.5, 0.07, 0.06] })));
  expect(rounds).toMatchObject({ rejected: 2, incomplete: 0 });
  expect(rounds.complete).toHaveLength(2);
  expect(rounds.complete[0]?.floor?.foreignShare).toBe(0.06);
});

test('gives a round up when one target gets no quiet sample', async ({ expect }) => {
  const rounds = await runRounds(createOptions(createSampler({ ephemera: [1, 1, 1, 1] })));
  expect(rounds).toMatchObject({ rejected: 4, incomplete: 1 });
  expect(rounds.complete).toHaveLength(2);
});

test('stops when the time is used up', async ({ expect }) => {
  const rounds = await runRounds({ ...createOptions(createSampler({})), budgetMs: 0 });
  expect(rounds.complete).toEqual([]);
});
