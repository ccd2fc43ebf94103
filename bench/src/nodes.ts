import type { BenchOptions } from './options.ts';
import { startEphemeraServer } from './ephemera.ts';
import { type Bound, createGate, type GateResult } from './gates.ts';
import { measureMessages } from './messages.ts';
import { carryOut } from './own-process.ts';
import type { Supervisor } from './supervisor.ts';

export type LogInsOrder = { rounds: number; logInsPerRound: number; rawMs: number };
export type LogInsMeasured = { rawPerSecond: number; logInsPerSecond: number }[];

export type NodeLoadOrder = {
  url: string;
  machines: number;
  logIns: number;
  heartbeatsPerSecond: number;
  heartbeatMs: number;
};

export type NodeLoadMeasured = {
  logInsPerSecond: number;
  heartbeats: { perSecond: number; p50Ms: number; p99Ms: number };
};

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

export function judgeNodes(logIns: LogInsMeasured, { heartbeats }: NodeLoadMeasured): GateResult[] {
  const ratios = logIns.map(({ logInsPerSecond, rawPerSecond }) => logInsPerSecond / rawPerSecond);
  return [
    createGate('node log-ins per bare RSA-PSS-3072 check', LOG_IN_BOUND, ratios),
    createGate('heartbeats acknowledged a second, of 1000 sent', RATE_BOUND, [heartbeats.perSecond]),
    createGate('p99 of a heartbeat at that rate, ms', LATENCY_BOUND, [heartbeats.p99Ms]),
  ];
}

/** Without HTTP, whose two requests would be most of it: what a log-in adds to the check of its signature. */
async function measureLogIns({ supervisor, options, onProgress }: NodesContext): Promise<LogInsMeasured> {
  const order: LogInsOrder = {
    rounds: options.rounds,
    logInsPerRound: options.isQuick ? 1_000 : 4_000,
    rawMs: options.isQuick ? 300 : 1_000,
  };
  const measured = await carryOut<LogInsMeasured>(supervisor, { process: 'node-log-ins', order });
  for (const { logInsPerSecond, rawPerSecond } of measured) {
    onProgress(`${Math.round(logInsPerSecond)} log-ins/s, ${Math.round(rawPerSecond)} bare checks/s`);
  }
  return measured;
}

/** Against Ephemera on Node over its own file. */
async function measureLoad(context: NodesContext): Promise<NodeLoadMeasured> {
  const { supervisor, options, workDirectory, onProgress } = context;
  const target = { supervisor, workDirectory, upstreamPort: NO_UPSTREAM };
  const { url } = await startEphemeraServer('ephemera', target, {
    apiKey: 'sk-nodes-of-the-bench',
    settings: { NODE_REGISTRATION: 'open', NODE_LOGINS_PER_MINUTE: '1000000' },
  });
  const order: NodeLoadOrder = {
    url,
    machines: options.isQuick ? 20 : 100,
    logIns: options.isQuick ? 500 : 4_000,
    heartbeatsPerSecond: 1_000,
    heartbeatMs: options.isQuick ? 5_000 : 30_000,
  };
  const measured = await carryOut<NodeLoadMeasured>(supervisor, { process: 'node-load', order });
  await supervisor.stopAll();
  const { perSecond, p50Ms, p99Ms } = measured.heartbeats;
  onProgress(`${Math.round(measured.logInsPerSecond)} log-ins/s over HTTP`);
  onProgress(`${Math.round(perSecond)} heartbeats/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`);
  return measured;
}

/** Machines that log in, beat and write to each other. */
export async function measureNodes(context: NodesContext): Promise<GateResult[]> {
  const logIns = await measureLogIns(context);
  const messages = await measureMessages(context);
  return [...judgeNodes(logIns, await measureLoad(context)), ...messages];
}
