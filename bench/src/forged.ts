import { BENCH_KEYS } from './bench-keys.ts';
import { type EphemeraServer, startEphemeraServer } from './ephemera.ts';
import { type Bound, type GateResult, isWithin } from './gates.ts';
import type { LoadClient } from './load-client.ts';
import { startLoadClient } from './load-client.ts';
import type { LoadOrder, LoadResult } from './load.ts';
import type { BenchOptions } from './options.ts';
import type { RunContext } from './run-scenario.ts';
import { summarizeSpread } from './statistics.ts';
import { receiveMessage, type Supervisor } from './supervisor.ts';
import { createMintRequest } from './target.ts';

/** What the process found that refuses tokens without a server. */
export type RefusalsMeasured = { tokens: number; statements: number };
export type RejectRound = { mintsPerSecond: number; refusalsPerSecond: number };
export type FloodRound = { quietP99Us: number; floodP99Us: number };

const REJECT_BOUND: Bound = { kind: 'atLeast', value: 3 };
const FLOOD_BOUND: Bound = { kind: 'atMost', value: 2 };
const STATEMENTS_BOUND: Bound = { kind: 'atMost', value: 0 };

const CONNECTIONS = 32;
const SAMPLE_MS = 2_000;
const QUICK_SAMPLE_MS = 700;
const WARM_UP_MS = 8_000;
const QUICK_WARM_UP_MS = 3_000;
/** Far below what E can do, so that the flood alone makes the difference. */
const GOOD_PER_SECOND = 100;
const FORGED_PER_GOOD = 10;

function createGate(title: string, bound: Bound, values: readonly number[]): GateResult {
  const spread = summarizeSpread(values);
  return { title, bound, spread, verdict: isWithin(bound, spread.median) ? 'met' : 'missed' };
}

export function judgeReject(rounds: readonly RejectRound[], { statements }: RefusalsMeasured): GateResult[] {
  const ratios = rounds.map(({ mintsPerSecond, refusalsPerSecond }) => refusalsPerSecond / mintsPerSecond);
  return [
    createGate('forged tokens refused ÷ mints, per second', REJECT_BOUND, ratios),
    createGate('database calls while tokens are refused', STATEMENTS_BOUND, [statements]),
  ];
}

export function judgeFlood(rounds: readonly FloodRound[]): GateResult[] {
  const ratios = rounds.map(({ quietP99Us, floodP99Us }) => floodP99Us / quietP99Us);
  return [createGate('p99 of mints under 10 forged requests each ÷ quiet', FLOOD_BOUND, ratios)];
}

async function run(load: LoadClient, order: LoadOrder): Promise<LoadResult> {
  const result = await load.run(order);
  if (Object.keys(result.failures).length > 0)
    throw new Error(`${JSON.stringify(result.failures)}. The first: ${result.firstFailure ?? 'no body'}`);
  return result;
}

type Orders = { good: LoadOrder; forged: LoadOrder; sampleMs: number; warmUpMs: number };

function createOrders({ server, access }: EphemeraServer, { isQuick }: BenchOptions): Orders {
  const sampleMs = isQuick ? QUICK_SAMPLE_MS : SAMPLE_MS;
  const request = createMintRequest(access.userToken);
  const shape = { connections: CONNECTIONS, durationMs: sampleMs, keepBodies: false };
  const good = { ...request, ...shape, port: server.port };
  return {
    good,
    forged: { ...good, forgesToken: true },
    sampleMs,
    warmUpMs: isQuick ? QUICK_WARM_UP_MS : WARM_UP_MS,
  };
}

type Bench = Orders & { load: LoadClient; flood: LoadClient };

async function startBench({ supervisor, workDirectory, options, onProgress }: RunContext): Promise<Bench> {
  onProgress('starting');
  const file = new URL('./processes/mock-upstream.ts', import.meta.url);
  const upstream = await supervisor.startOwnServer(file, ['0']);
  const target = { supervisor, workDirectory, upstreamPort: upstream.port };
  const started = await startEphemeraServer('ephemera', target, { apiKey: BENCH_KEYS.healthy });
  const orders = createOrders(started, options);
  const [load, flood] = [startLoadClient(supervisor), startLoadClient(supervisor)];
  onProgress('warming up');
  await run(load, { ...orders.good, durationMs: orders.warmUpMs });
  await run(load, { ...orders.forged, durationMs: orders.warmUpMs });
  return { ...orders, load, flood };
}

async function countStatements(supervisor: Supervisor): Promise<RefusalsMeasured> {
  const running = supervisor.startOwn(new URL('./processes/token-refusals.ts', import.meta.url));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because both ends are of this folder
  return (await receiveMessage(running.child)) as RefusalsMeasured;
}

/** How much cheaper a forged token is than a mint, and that the database hears nothing of it. */
export async function measureReject(context: RunContext): Promise<GateResult[]> {
  const { load, good, forged } = await startBench(context);
  const rounds: RejectRound[] = [];
  while (rounds.length < context.options.rounds) {
    const { perSecond: mintsPerSecond } = await run(load, good);
    const { perSecond: refusalsPerSecond } = await run(load, forged);
    rounds.push({ mintsPerSecond, refusalsPerSecond });
    context.onProgress(`${Math.round(refusalsPerSecond)} refusals/s, ${Math.round(mintsPerSecond)} mints/s`);
  }
  await context.supervisor.stopAll();
  const refusals = await countStatements(context.supervisor);
  await context.supervisor.stopAll();
  return judgeReject(rounds, refusals);
}

/** What good callers notice of ten times as many forged ones. */
export async function measureFlood(context: RunContext): Promise<GateResult[]> {
  const { load, flood, good, forged, sampleMs } = await startBench(context);
  const steady = { ...good, perSecond: GOOD_PER_SECOND, durationMs: sampleMs * 2 };
  const flooding = { ...forged, perSecond: GOOD_PER_SECOND * FORGED_PER_GOOD, durationMs: sampleMs * 2 };
  const rounds: FloodRound[] = [];
  while (rounds.length < context.options.rounds) {
    const { p99Us: quietP99Us } = await run(load, steady);
    const [{ p99Us: floodP99Us }, refused] = await Promise.all([run(load, steady), run(flood, flooding)]);
    rounds.push({ quietP99Us, floodP99Us });
    context.onProgress(
      `p99 ${Math.round(quietP99Us)} µs quiet, ${Math.round(floodP99Us)} µs with ${Math.round(refused.perSecond)} refusals/s`,
    );
  }
  await context.supervisor.stopAll();
  return judgeFlood(rounds);
}
