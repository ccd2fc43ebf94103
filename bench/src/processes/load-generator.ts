/**
 * A closed loop of keep-alive connections over raw sockets. Unlike the usual tools it waits for every answer that is
 * still in flight at the end, so that the answers can be compared with the rows in the database, one for one.
 */
import { randomBytes } from 'node:crypto';

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

const FORGED_AT = 8;
const FORGED_BYTES = 12;

/** The same request with some of the signature at the end of its token made anew each time. */
function createForger(request: Buffer): () => Buffer {
  const token = request.indexOf('Bearer ');
  const signature = request.lastIndexOf('.', request.indexOf('\r\n', token)) + FORGED_AT;
  return () => {
    const forged = Buffer.from(request);
    forged.write(randomBytes(FORGED_BYTES).toString('base64url'), signature);
    return forged;
  };
}

const GOOD: ReadonlySet<number> = new Set([200]);
/** Also where an address has sent too many wrong ones to be looked at. */
const REFUSED: ReadonlySet<number> = new Set([401, 429]);

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
  let startedAt = 0;
  let sent = 0;
  const { forgesToken = false, perSecond } = order;
  const wanted = forgesToken ? REFUSED : GOOD;

  /** At a steady rate each lane takes the next moment that is due; one that is past is taken at once. */
  const sendNext = (lane: Lane): void => {
    const dueAt = perSecond === undefined ? 0 : startedAt + (sent * MS_PER_SECOND) / perSecond;
    sent += 1;
    if (dueAt <= performance.now()) lane.send();
    else setTimeout(lane.send, dueAt - performance.now());
  };

  const retire = (): void => {
    openLanes -= 1;
    if (openLanes === 0) finished.resolve();
  };
  const onFailure = (reason: string, text: string): void => {
    countFailure(tally, reason, text);
    retire();
  };
  const onAnswer = (answer: Answer, latencyMs: number, lane: Lane): void => {
    if (!wanted.has(answer.status)) {
      lane.close();
      onFailure(`status ${answer.status}`, answer.body);
      return;
    }
    tally.answered += 1;
    if (order.keepBodies) tally.bodies.push(answer.body);
    if (performance.now() <= deadline) {
      tally.latenciesUs.push(latencyMs * US_PER_MS);
      sendNext(lane);
      return;
    }
    lane.close();
    retire();
  };

  const bytes = encodeRequest(order);
  const request = forgesToken ? createForger(bytes) : () => bytes;
  const shared = { port: order.port, request, wantsBody: order.keepBodies };
  const lanes = await Promise.all(
    Array.from({ length: order.connections }, () => openLane({ ...shared, onAnswer, onFailure })),
  );
  deadline = performance.now() + order.durationMs;
  startedAt = performance.now();
  for (const lane of lanes) sendNext(lane);
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
