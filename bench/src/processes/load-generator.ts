/**
 * A closed loop of keep-alive connections over raw sockets. Unlike the usual tools it waits for every answer that is
 * still in flight at the end, so that the answers can be compared with the rows in the database, one for one.
 */
import type { LoadOrder, LoadReply, LoadResult } from '../load.ts';
import type { Answer } from './answer-reader.ts';
import { openLane, type Lane } from './lane.ts';

const US_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;
const KEPT_FAILURE_CHARACTERS = 500;

type Tally = {
  answered: number;
  latenciesUs: number[];
  failures: Map<string, number>;
  firstFailure: string | null;
  bodies: string[];
};

function encodeRequest(order: LoadOrder): Buffer {
  const headers = { host: `127.0.0.1:${order.port}`, ...order.headers };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  if (order.method === 'GET') {
    return Buffer.from(`GET ${order.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  }
  const length = `content-length: ${Buffer.byteLength(order.body)}`;
  return Buffer.from(
    `POST ${order.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n${length}\r\n\r\n${order.body}`,
  );
}

function countFailure(tally: Tally, reason: string, text: string): void {
  tally.failures.set(reason, (tally.failures.get(reason) ?? 0) + 1);
  tally.firstFailure ??= text.slice(0, KEPT_FAILURE_CHARACTERS);
}

function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function summarize(tally: Tally, durationMs: number): LoadResult {
  const sorted = Float64Array.from(tally.latenciesUs).toSorted();
  return {
    answered: tally.answered,
    perSecond: sorted.length / (durationMs / MS_PER_SECOND),
    p50Us: percentile(sorted, 0.5),
    p99Us: percentile(sorted, 0.99),
    failures: Object.fromEntries(tally.failures),
    firstFailure: tally.firstFailure,
    bodies: tally.bodies,
  };
}

/** Runs one order: all connections are open before the clock starts. */
async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const tally: Tally = { answered: 0, latenciesUs: [], failures: new Map(), firstFailure: null, bodies: [] };
  const finished = Promise.withResolvers<void>();
  let openLanes = order.connections;
  let deadline = Number.POSITIVE_INFINITY;

  const retire = (): void => {
    openLanes -= 1;
    if (openLanes === 0) finished.resolve();
  };
  const onFailure = (reason: string, text: string): void => {
    countFailure(tally, reason, text);
    retire();
  };
  const onAnswer = (answer: Answer, latencyMs: number, lane: Lane): void => {
    if (answer.status !== 200) {
      lane.close();
      onFailure(`status ${answer.status}`, answer.body);
      return;
    }
    tally.answered += 1;
    if (order.keepBodies) tally.bodies.push(answer.body);
    if (performance.now() <= deadline) {
      tally.latenciesUs.push(latencyMs * US_PER_MS);
      lane.send();
      return;
    }
    lane.close();
    retire();
  };

  const shared = { port: order.port, request: encodeRequest(order), wantsBody: order.keepBodies };
  const lanes = await Promise.all(
    Array.from({ length: order.connections }, () => openLane({ ...shared, onAnswer, onFailure })),
  );
  deadline = performance.now() + order.durationMs;
  for (const lane of lanes) lane.send();
  await finished.promise;
  return summarize(tally, order.durationMs);
}

async function carryOut(order: LoadOrder): Promise<void> {
  let reply: LoadReply;
  try {
    reply = { kind: 'done', result: await runLoad(order) };
  } catch (error) {
    reply = { kind: 'error', message: String(error) };
  }
  process.send?.(reply);
}

process.on('message', (order: LoadOrder) => {
  void carryOut(order);
});
process.on('disconnect', () => {
  process.exit(0);
});
