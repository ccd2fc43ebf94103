import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { createBurstResponse } from './burst-response.ts';
import { createDraining, type Draining } from './http-listener-drain.ts';
import { StartError } from './start-error.ts';

/** A client that has not sent its whole request by then is cut off, so half-open requests cannot pile up. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export type HttpListener = Draining & {
  /** Where a person or a browser on this machine reaches it. */
  url: string;
  /** What it is bound to: of all interfaces that is no address that anybody could call. */
  listening: string;
  /** Hands over the requests, the ones that already wait included. */
  serve: (handler: RequestHandler) => void;
};

/** Takes the port before anything else is started: a taken one then leaves nothing behind. Throws StartError. */
export async function openHttpListener(options: { host: string; port: number }): Promise<HttpListener> {
  const ready = Promise.withResolvers<RequestHandler>();
  const server = createServer({
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    ServerResponse: createBurstResponse(),
  });
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  const whenReady = (request: IncomingMessage, response: ServerResponse): void => {
    void ready.promise.then((handler) => handler(request, response));
  };
  const draining = createDraining(server);
  server.on('request', whenReady);
  await listen(server, options);
  return {
    ...describeAddress(options.host, portOf(server)),
    serve: (handler) => {
      server.off('request', whenReady);
      server.on('request', (request, response) => void handler(request, response));
      ready.resolve(handler);
    },
    close: draining.close,
  };
}

async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (cause) {
    throw new StartError(explainListenError(cause, { host, port }), { cause });
  } finally {
    server.off('error', reject);
  }
}

function explainListenError(cause: unknown, { host, port }: { host: string; port: number }): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken: stop what listens there, or choose another with PORT=…`;
  }
  if (code === 'EACCES')
    return `Port ${port} needs more rights than this user has: choose another with PORT=…`;
  return `Cannot listen on ${host}:${port} (${String(code)}): check HOST and PORT.`;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server without a port.');
  return address.port;
}

function toUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export function describeAddress(host: string, port: number): Pick<HttpListener, 'url' | 'listening'> {
  const isEverywhere = host === '0.0.0.0' || host === '::';
  return { url: toUrl(isEverywhere ? 'localhost' : host, port), listening: toUrl(host, port) };
}
