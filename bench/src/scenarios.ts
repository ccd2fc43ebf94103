import type { Gate } from './gates.ts';
import type { Round } from './rounds.ts';
import type { Sample } from './sampler.ts';
import type { TargetName } from './targets.ts';

export type LoadScenarioName = 'rate' | 'latency' | 'slow-upstream';

export type LoadScenario = {
  name: LoadScenarioName;
  title: string;
  upstreamDelayMs: number;
  connections: number;
  sampleMs: number;
  /** How long the rounds may take together, noisy samples included. */
  budgetMs: number;
  targets: readonly TargetName[];
  gates: readonly Gate[];
};

function sampleOf(round: Round, name: TargetName): Sample {
  const sample = round[name];
  if (sample === undefined) throw new Error(`A round has no sample of ${name}.`);
  return sample;
}

function rateRatio(other: TargetName): Gate['ratio'] {
  return (round) => sampleOf(round, 'ephemera').perSecond / sampleOf(round, other).perSecond;
}

function cpuRatio(other: TargetName): Gate['ratio'] {
  return (round) => sampleOf(round, 'ephemera').cpuUs / sampleOf(round, other).cpuUs;
}

function addedLatencyUs(round: Round, name: TargetName): number {
  return sampleOf(round, name).p50Us - sampleOf(round, 'direct').p50Us;
}

export const LOAD_SCENARIOS: readonly LoadScenario[] = [
  {
    name: 'rate',
    title: '32 connections, upstream answers at once',
    upstreamDelayMs: 0,
    connections: 32,
    sampleMs: 2_000,
    budgetMs: 180_000,
    targets: ['direct', 'floor', 'peer', 'ephemera'],
    gates: [
      { title: 'mints/s, E ÷ P', bound: { kind: 'atLeast', value: 2.5 }, ratio: rateRatio('peer') },
      { title: 'mints/s, E ÷ F', bound: { kind: 'atLeast', value: 0.35 }, ratio: rateRatio('floor') },
      { title: 'server CPU per mint, E ÷ P', bound: { kind: 'atMost', value: 0.4 }, ratio: cpuRatio('peer') },
    ],
  },
  {
    name: 'latency',
    title: '1 connection, upstream answers at once',
    upstreamDelayMs: 0,
    connections: 1,
    sampleMs: 1_200,
    budgetMs: 100_000,
    targets: ['direct', 'floor', 'peer', 'ephemera'],
    gates: [
      {
        title: 'added p50, E ÷ P',
        bound: { kind: 'atMost', value: 0.5 },
        ratio: (round) => addedLatencyUs(round, 'ephemera') / addedLatencyUs(round, 'peer'),
      },
    ],
  },
  {
    name: 'slow-upstream',
    title: '256 connections, upstream answers after 50 ms',
    upstreamDelayMs: 50,
    connections: 256,
    sampleMs: 2_000,
    budgetMs: 120_000,
    targets: ['direct', 'peer', 'ephemera'],
    gates: [
      { title: 'mints/s, E ÷ direct', bound: { kind: 'atLeast', value: 0.8 }, ratio: rateRatio('direct') },
    ],
  },
];
