import type { Gate } from './gates.ts';
import type { Round } from './rounds.ts';
import type { Sample } from './sampler.ts';
import type { TargetName } from './target.ts';

export type LoadScenarioName =
  | 'rate'
  | 'latency'
  | 'slow-upstream'
  | 'failover'
  | 'breaker'
  | 'breaker-rate'
  | 'internal-read';

export type LoadScenario = {
  name: LoadScenarioName;
  title: string;
  upstreamDelayMs: number;
  connections: number;
  /** Where as many as usual would mix up what the upstream counts. */
  warmUpConnections?: number;
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

function p50BetweenUs(round: Round, name: TargetName, baseline: TargetName): number {
  return sampleOf(round, name).p50Us - sampleOf(round, baseline).p50Us;
}

/** What a lone mint adds to calling the upstream directly. */
function addedP50Ratio(other: TargetName): Gate['ratio'] {
  return (round) => p50BetweenUs(round, 'ephemera', 'direct') / p50BetweenUs(round, other, 'direct');
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
    budgetMs: 120_000,
    targets: ['direct', 'floor', 'sketch', 'peer', 'ephemera'],
    gates: [
      {
        title: 'added p50, E ÷ P',
        bound: { kind: 'atMost', value: 0.5 },
        ratio: addedP50Ratio('peer'),
      },
      {
        title: 'added p50, E ÷ S',
        bound: { kind: 'atMost', value: 1.5 },
        ratio: addedP50Ratio('sketch'),
      },
    ],
  },
  {
    name: 'slow-upstream',
    title: '256 connections, upstream answers after 50 ms',
    upstreamDelayMs: 50,
    connections: 256,
    sampleMs: 2_000,
    budgetMs: 150_000,
    targets: ['direct', 'sketch', 'peer', 'ephemera'],
    gates: [
      { title: 'mints/s, E ÷ direct', bound: { kind: 'atLeast', value: 0.8 }, ratio: rateRatio('direct') },
      {
        title: 'mints/s at 256 connections, E ÷ S',
        bound: { kind: 'atLeast', value: 0.93 },
        ratio: rateRatio('sketch'),
      },
    ],
  },
  {
    name: 'failover',
    title: '1 connection, the key that a mint takes first answers 429',
    upstreamDelayMs: 0,
    connections: 1,
    warmUpConnections: 1,
    sampleMs: 1_200,
    budgetMs: 120_000,
    targets: ['peer-two-targets', 'peer-fallback', 'ephemera-two-keys', 'ephemera-failover'],
    gates: [
      {
        title: 'p50 added by a 429 and the next key, E ÷ P',
        bound: { kind: 'atMost', value: 0.5 },
        ratio: (round) =>
          p50BetweenUs(round, 'ephemera-failover', 'ephemera-two-keys') /
          p50BetweenUs(round, 'peer-fallback', 'peer-two-targets'),
      },
    ],
  },
  {
    name: 'breaker',
    title: '1 connection, the breaker of one of two keys is open',
    upstreamDelayMs: 0,
    connections: 1,
    sampleMs: 1_200,
    budgetMs: 80_000,
    targets: ['ephemera-two-keys', 'ephemera-breaker'],
    gates: [
      {
        title: 'p50 of a mint, one breaker open ÷ two healthy keys',
        bound: { kind: 'atMost', value: 1.1 },
        ratio: (round) =>
          sampleOf(round, 'ephemera-breaker').p50Us / sampleOf(round, 'ephemera-two-keys').p50Us,
      },
    ],
  },
  {
    name: 'breaker-rate',
    title: '32 connections, the breaker of one of two keys is open',
    upstreamDelayMs: 0,
    connections: 32,
    sampleMs: 2_000,
    budgetMs: 120_000,
    targets: ['ephemera-two-keys', 'ephemera-breaker'],
    gates: [
      {
        title: 'time for a mint at 32 connections, one breaker open ÷ two healthy keys',
        bound: { kind: 'atMost', value: 1.1 },
        ratio: (round) =>
          sampleOf(round, 'ephemera-two-keys').perSecond / sampleOf(round, 'ephemera-breaker').perSecond,
      },
    ],
  },
  {
    name: 'internal-read',
    title: '32 connections, a service reads a key; a user reads a session',
    upstreamDelayMs: 0,
    connections: 32,
    sampleMs: 2_000,
    budgetMs: 120_000,
    targets: ['bare-query', 'internal-read'],
    gates: [
      {
        title: 'GET /api/internal/api-keys ÷ tRPC sessions.get, answers/s',
        bound: { kind: 'atLeast', value: 0.6 },
        ratio: (round) =>
          sampleOf(round, 'internal-read').perSecond / sampleOf(round, 'bare-query').perSecond,
      },
    ],
  },
];
