import { test } from 'vitest';

import type { LoadClient } from './load-client.ts';
import { createSampler } from './sampler.ts';
import type { Target } from './target.ts';

const ANSWERED = 10;

function createTarget(rows: number, failedTries: number): Target {
  return {
    name: 'ephemera-failover',
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because a warm-up looks at the port only
    server: { port: 0 } as Target['server'],
    request: { method: 'POST', path: '/', headers: {}, body: '' },
    ledger: { countMinted: () => rows, countFailedTries: () => failedTries, listMissing: () => [] },
    failedTriesPerMint: 1,
  };
}

async function warmUp(target: Target): Promise<void> {
  const load: LoadClient = {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because a warm-up does not look at the process
    process: {} as LoadClient['process'],
    run: () =>
      Promise.resolve({
        answered: ANSWERED,
        perSecond: 1,
        p50Us: 1,
        p99Us: 1,
        failures: {},
        firstFailure: null,
        bodies: [],
      }),
  };
  const sampler = createSampler({ load, listPids: () => [], foreignShare: 1 });
  await sampler.warmUp(target, { connections: 1, durationMs: 1 });
}

test('accepts as many rows as answers, each with the try that it had to lose', async ({ expect }) => {
  await expect(warmUp(createTarget(ANSWERED, ANSWERED))).resolves.toBeUndefined();
});

test('refuses a run in which one mint lost no try', async ({ expect }) => {
  const run = warmUp(createTarget(ANSWERED, ANSWERED - 1));
  await expect(run).rejects.toThrow('10 mints lost 9 tries instead of 10');
});

test('refuses a run with an answer that has no row', async ({ expect }) => {
  await expect(warmUp(createTarget(ANSWERED - 1, ANSWERED))).rejects.toThrow('9 rows committed');
});
