import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import type { UsageReport } from '../../src/report-queue.ts';
import { createWireKey } from './fake-key-server.ts';

export type Mood = 'well' | 'cuts_connections' | 'fails' | 'talks_html' | 'revoked' | 'hangs';

/** The contract's route behind a real socket, with moods. It answers, counts and forgets nothing. */
export async function startRealKeyServer(secret: string, port = 0) {
  const state = { mood: 'well' as Mood, gets: 0 };
  const counted = new Map<string, UsageReport>();
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') state.gets += 1;
    for (const wake of waiting.splice(0)) wake();
    void answer(request, response);
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    if (state.mood === 'hangs') return;
    if (state.mood === 'cuts_connections') return void request.socket.destroy();
    if (state.mood === 'fails') return void response.writeHead(503).end('{"error":"unavailable"}');
    if (state.mood === 'talks_html') return void response.writeHead(200).end('<html>Sign in</html>');
    if (state.mood === 'revoked' || request.headers.authorization !== `Bearer ${secret}`) {
      return void response.writeHead(401).end('{"error":"Unauthorized"}');
    }
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET')
      return void response.end(JSON.stringify([createWireKey('k1'), createWireKey('k2')]));
    const { reports }: { reports: UsageReport[] } = JSON.parse(body);
    for (const report of reports) counted.set(report.idempotencyKey, report);
    response.end(JSON.stringify({ success: true, counted: reports.length, duplicates: 0, unknown: [] }));
  };

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    counted,
    gets: () => state.gets,
    be: (mood: Mood) => void (state.mood = mood),
    /** Resolves when the next request arrives. */
    nextRequest: () => new Promise<void>((resolve) => void waiting.push(resolve)),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
