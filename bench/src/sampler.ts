import { setTimeout as sleep } from 'node:timers/promises';

import { cpuMsBetween, foreignShareBetween, readCpu } from './cpu.ts';
import type { LoadClient } from './load-client.ts';
import type { LoadResult } from './load.ts';
import type { Target } from './target.ts';

export type Shape = { connections: number; durationMs: number };

export type Sample = {
  perSecond: number;
  p50Us: number;
  p99Us: number;
  /** Server CPU for each answer, all threads. */
  cpuUs: number;
  /** CPU of the generator as a share of one core: near 1 it would be the bottleneck. */
  generatorShare: number;
  /** Share of the whole machine that others used meanwhile. */
  foreignShare: number;
  answered: number;
};

export type Sampler = {
  /** Load without a measurement, so that code is compiled and connections exist. */
  warmUp: (target: Target, shape: Shape) => Promise<void>;
  /** One measurement, whatever the machine does meanwhile. */
  sample: (target: Target, shape: Shape) => Promise<Sample>;
};

export type SamplerOptions = {
  load: LoadClient;
  listPids: () => readonly number[];
  foreignShare: number;
};

const IDLE_WINDOW_MS = 250;
const IDLE_WINDOWS_MAX = 12;
const US_PER_MS = 1_000;

function describeFailures(target: Target, result: LoadResult): string {
  const counts = Object.entries(result.failures).map(([reason, count]) => `${count} × ${reason}`);
  return `${target.name}: ${counts.join(', ')}. The first: ${result.firstFailure ?? 'no body'}`;
}

/**
 * Every 200 must have its row, and no row may lack a 200, at the moment the last answer is in. Where it is prescribed how
 * many tries a mint loses, all must have lost as many.
 */
function createRowCheck(): (target: Target, answered: number) => void {
  const totals = new Map<Target, number>();
  return (target, answered) => {
    if (target.ledger === null) return;
    const total = (totals.get(target) ?? 0) + answered;
    totals.set(target, total);
    const rows = target.ledger.countMinted();
    if (rows !== total) throw new Error(`${target.name}: ${total} mints answered, ${rows} rows committed.`);
    if (target.failedTriesPerMint === null) return;
    const failed = target.ledger.countFailedTries();
    const wanted = total * target.failedTriesPerMint;
    if (failed !== wanted)
      throw new Error(`${target.name}: ${total} mints lost ${failed} tries instead of ${wanted}.`);
  };
}

export function createSampler({ load, listPids, foreignShare }: SamplerOptions): Sampler {
  const checkRows = createRowCheck();

  const drive = async (target: Target, shape: Shape): Promise<LoadResult> => {
    const order = { ...target.request, ...shape, port: target.server.port, keepBodies: false };
    const result = await load.run(order);
    if (Object.keys(result.failures).length > 0) throw new Error(describeFailures(target, result));
    return result;
  };

  const waitForQuiet = async (): Promise<void> => {
    for (let window = 0; window < IDLE_WINDOWS_MAX; window += 1) {
      const before = readCpu(listPids());
      await sleep(IDLE_WINDOW_MS);
      if (foreignShareBetween(before, readCpu(listPids())) <= foreignShare) return;
    }
  };

  return {
    warmUp: async (target, shape) => {
      const result = await drive(target, shape);
      checkRows(target, result.answered);
    },
    sample: async (target, shape) => {
      await waitForQuiet();
      const pids = listPids();
      const before = readCpu(pids);
      const result = await drive(target, shape);
      const after = readCpu(pids);
      checkRows(target, result.answered);
      return {
        perSecond: result.perSecond,
        p50Us: result.p50Us,
        p99Us: result.p99Us,
        cpuUs: (cpuMsBetween(before, after, target.server.pid) * US_PER_MS) / result.answered,
        generatorShare: cpuMsBetween(before, after, load.process.pid) / (after.atMs - before.atMs),
        foreignShare: foreignShareBetween(before, after),
        answered: result.answered,
      };
    },
  };
}
