import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { BENCH_KEYS } from './bench-keys.ts';
import { findFreePort } from './supervisor.ts';
import {
  createEnvironment,
  jsonHeaders,
  type Target,
  type TargetContext,
  type TargetName,
} from './target.ts';

const CHAT_BODY = JSON.stringify({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Good morning.' }],
  max_tokens: 64,
});

async function startGateway(
  name: TargetName,
  { supervisor, workDirectory }: TargetContext,
  headers: Record<string, string>,
): Promise<Target> {
  const port = await findFreePort();
  const loopback = fileURLToPath(new URL('./processes/listen-on-loopback.ts', import.meta.url));
  const entry = createRequire(import.meta.url).resolve('@portkey-ai/gateway/build/start-server.js');
  const server = await supervisor.startServer({
    name,
    args: ['--import', loopback, entry, `--port=${port}`, '--headless'],
    cwd: workDirectory,
    env: createEnvironment({}),
    port,
    readyPath: '/',
  });
  const request = { method: 'POST', path: '/v1/chat/completions', headers, body: CHAT_BODY } as const;
  return { name, server, request, ledger: null, failedTriesPerMint: null };
}

export function startPeer(context: TargetContext): Promise<Target> {
  return startGateway('peer', context, {
    ...jsonHeaders(BENCH_KEYS.healthy),
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `http://127.0.0.1:${context.upstreamPort}/v1`,
  });
}

/** A fallback over two targets that differ in their key only; the first is asked first every time. */
function createFallbackHeaders(upstreamPort: number, keys: readonly string[]): Record<string, string> {
  const targets = keys.map((key) => ({
    provider: 'openai',
    api_key: key,
    custom_host: `http://127.0.0.1:${upstreamPort}/v1`,
  }));
  return {
    'content-type': 'application/json',
    'x-portkey-config': JSON.stringify({ strategy: { mode: 'fallback' }, targets }),
  };
}

export function startPeerWithTwoTargets(context: TargetContext): Promise<Target> {
  const keys = [BENCH_KEYS.healthy, BENCH_KEYS.second];
  return startGateway('peer-two-targets', context, createFallbackHeaders(context.upstreamPort, keys));
}

export function startPeerWithFallback(context: TargetContext): Promise<Target> {
  const keys = [BENCH_KEYS.rateLimited, BENCH_KEYS.second];
  return startGateway('peer-fallback', context, createFallbackHeaders(context.upstreamPort, keys));
}
