import { setTimeout as sleep } from 'node:timers/promises';

import { startLoadClient } from './load-client.ts';
import type { RunContext } from './run-scenario.ts';
import { startTarget } from './targets.ts';

export type DurabilityResult = { acknowledged: number; missing: number };

const CONNECTIONS = 32;
const WARM_UP_MS = 1_000;
const KILL_AFTER_MS = 1_000;
/** Longer than the server lives: the kill ends the load, not the clock. */
const LOAD_MS = 8_000;

function readProviderSessionId(body: string): string {
  const answer: unknown = JSON.parse(body);
  if (typeof answer === 'object' && answer !== null && 'session' in answer) {
    const { session } = answer;
    if (typeof session === 'object' && session !== null && 'id' in session) return String(session.id);
  }
  throw new Error('A mint was answered without a session id.');
}

/**
 * Kills Ephemera with SIGKILL under full load and looks for a row behind every answer that got out. A server that
 * answers first and writes later cannot pass.
 */
export async function runDurability(context: RunContext): Promise<DurabilityResult> {
  const { supervisor, workDirectory, onProgress } = context;
  const upstream = await supervisor.startOwnServer(new URL('./processes/mock-upstream.ts', import.meta.url));
  const target = await startTarget('ephemera', { supervisor, workDirectory, upstreamPort: upstream.port });
  if (target.ledger === null) throw new Error('The target stores nothing.');
  const load = startLoadClient(supervisor);
  const order = { ...target.request, port: target.server.port, connections: CONNECTIONS, keepBodies: true };
  onProgress('minting, then kill -9');
  await load.run({ ...order, durationMs: WARM_UP_MS });
  const running = load.run({ ...order, durationMs: LOAD_MS });
  await sleep(KILL_AFTER_MS);
  process.kill(target.server.pid, 'SIGKILL');
  const { bodies } = await running;
  if (bodies.length === 0) throw new Error('No mint was answered before the kill.');
  const missing = target.ledger.listMissing(bodies.map(readProviderSessionId)).length;
  await supervisor.stopAll();
  return { acknowledged: bodies.length, missing };
}
