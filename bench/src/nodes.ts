import type { BenchOptions } from './options.ts';
import { startEphemeraServer } from './ephemera.ts';
import { type Bound, type GateResult, isWithin } from './gates.ts';
import { summarizeSpread } from './statistics.ts';
import { receiveMessage, type Supervisor } from './supervisor.ts';

export type NodeLoadOrder = {
  url: string;
  machines: number;
  rounds: number;
  logInsPerRound: number;
  rawMs: number;
  heartbeatsPerSecond: number;
  heartbeatMs: number;
};

export type NodeLoadMeasured = {
  rounds: { rawPerSecond: number; logInsPerSecond: number }[];
  heartbeats: { perSecond: number; p50Ms: number; p99Ms: number };
  ids: string[];
};

type Reply = { kind: 'done'; measured: NodeLoadMeasured } | { kind: 'error'; message: string };

type NodesContext = {
  options: BenchOptions;
  supervisor: Supervisor;
  workDirectory: string;
  onProgress: (text: string) => void;
};

const LOG_IN_BOUND: Bound = { kind: 'atLeast', value: 0.15 };
const RATE_BOUND: Bound = { kind: 'atLeast', value: 990 };
const LATENCY_BOUND: Bound = { kind: 'atMost', value: 50 };
/** Nothing listens there: no key is asked for. */
const NO_UPSTREAM = 9;

function createGate(title: string, bound: Bound, values: readonly number[]): GateResult {
  const spread = summarizeSpread(values);
  return { title, bound, spread, verdict: isWithin(bound, spread.median) ? 'met' : 'missed' };
}

export function judgeNodes({ rounds, heartbeats }: NodeLoadMeasured): GateResult[] {
  const ratios = rounds.map(({ logInsPerSecond, rawPerSecond }) => logInsPerSecond / rawPerSecond);
  return [
    createGate('node log-ins per bare RSA-PSS-3072 check', LOG_IN_BOUND, ratios),
    createGate('heartbeats acknowledged a second, of 1000 sent', RATE_BOUND, [heartbeats.perSecond]),
    createGate('p99 of a heartbeat at that rate, ms', LATENCY_BOUND, [heartbeats.p99Ms]),
  ];
}

function createOrder(url: string, { isQuick, rounds }: BenchOptions): NodeLoadOrder {
  return {
    url,
    machines: isQuick ? 20 : 100,
    rounds,
    logInsPerRound: isQuick ? 500 : 2_000,
    rawMs: isQuick ? 500 : 1_000,
    heartbeatsPerSecond: 1_000,
    heartbeatMs: isQuick ? 5_000 : 30_000,
  };
}

/** Machines that log in and beat, against Ephemera on Node over its own file. */
export async function measureNodes(context: NodesContext): Promise<GateResult[]> {
  const { supervisor, options, workDirectory, onProgress } = context;
  const target = { supervisor, workDirectory, upstreamPort: NO_UPSTREAM };
  const { url } = await startEphemeraServer('ephemera', target, {
    apiKey: 'sk-nodes-of-the-bench',
    settings: { NODE_REGISTRATION: 'open', NODE_LOGINS_PER_MINUTE: '1000000' },
  });
  const running = supervisor.startOwn(new URL('./processes/node-load.ts', import.meta.url));
  const replied = receiveMessage(running.child);
  running.child.send(createOrder(url, options));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because both ends are of this folder
  const reply = (await replied) as Reply;
  await supervisor.stopAll();
  if (reply.kind === 'error') throw new Error(`the machines of the bench failed: ${reply.message}`);
  for (const { logInsPerSecond, rawPerSecond } of reply.measured.rounds) {
    onProgress(`${Math.round(logInsPerSecond)} log-ins/s, ${Math.round(rawPerSecond)} bare checks/s`);
  }
  const { perSecond, p50Ms, p99Ms } = reply.measured.heartbeats;
  onProgress(`${Math.round(perSecond)} heartbeats/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`);
  return judgeNodes(reply.measured);
}
