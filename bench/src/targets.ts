import { join } from 'node:path';

import { SignJWT } from 'jose';

import { BENCH_KEYS } from './bench-keys.ts';
import { startEphemera } from './ephemera.ts';
import { startPeer, startPeerWithFallback, startPeerWithTwoTargets } from './peer.ts';
import {
  startBareQuery,
  startInternalRead,
  startWithFailover,
  startWithOpenBreaker,
  startWithTwoKeys,
} from './pool-targets.ts';
import type { RunningServer } from './supervisor.ts';
import { createMintRequest, type Target, type TargetContext, type TargetName } from './target.ts';

export function createDirectTarget(upstream: RunningServer): Target {
  const request = createMintRequest(BENCH_KEYS.healthy);
  return { name: 'direct', server: upstream, request, ledger: null, failedTriesPerMint: null };
}

async function startFloor({ supervisor, upstreamPort }: TargetContext): Promise<Target> {
  const file = new URL('./processes/floor-proxy.ts', import.meta.url);
  const server = await supervisor.startOwnServer(file, [`http://127.0.0.1:${upstreamPort}`]);
  const request = createMintRequest('user');
  return { name: 'floor', server, request, ledger: null, failedTriesPerMint: null };
}

/** Whoever it is, signed with a secret of this run. */
async function startSketch({ supervisor, upstreamPort, workDirectory }: TargetContext): Promise<Target> {
  const secret = crypto.randomUUID();
  const file = new URL('./processes/sketch.ts', import.meta.url);
  const server = await supervisor.startOwnServer(file, [
    `http://127.0.0.1:${upstreamPort}`,
    join(workDirectory, `sketch-${upstreamPort}.db`),
    secret,
  ]);
  const token = await new SignJWT({ sub: 'user' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1 day')
    .sign(new TextEncoder().encode(secret));
  return {
    name: 'sketch',
    server,
    request: createMintRequest(token),
    ledger: null,
    failedTriesPerMint: null,
  };
}

type StartedName = Exclude<TargetName, 'direct'>;

const STARTERS: Readonly<Record<StartedName, (context: TargetContext) => Promise<Target>>> = {
  floor: startFloor,
  sketch: startSketch,
  peer: startPeer,
  ephemera: startEphemera,
  'peer-two-targets': startPeerWithTwoTargets,
  'peer-fallback': startPeerWithFallback,
  'ephemera-two-keys': startWithTwoKeys,
  'ephemera-failover': startWithFailover,
  'ephemera-breaker': startWithOpenBreaker,
  'bare-query': startBareQuery,
  'internal-read': startInternalRead,
};

export function startTarget(name: StartedName, context: TargetContext): Promise<Target> {
  return STARTERS[name](context);
}
