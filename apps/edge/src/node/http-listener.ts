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
  /** The address it listens on, for a person and for a browser. */
  url: string;
  /** Hands over the requests, the ones that already wait included. */
  serve: (handler: RequestHandler) => void;
};

/** Takes the port before anything else is started: a taken one then leaves nothing behind. Throws StartError. */
export async function openHttpListener(options: { host: string; port: number }): Promise<HttpListener> {
  const ready = Promise.withResolvers<RequestHandler>();
  const server = createServer({
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    ServerResponse: createBurstResponse(() => draining.underWay() <= 1),
  });
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  const whenReady = (request: IncomingMessage, response: ServerResponse): void => {
    void ready.promise.then((handler) => handler(request, response));
  };
  const draining = createDraining(server);
  server.on('request', whenReady);
  await listen(server, options);
  return {
    url: addressOf(server, options.host),
    serve: (handler) => {
      server.off('request', whenReady);
      server.on('request', (request, response) => void handler(request, response));
      ready.resolve(handler);
    },
    underWay: draining.underWay,
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

function addressOf(server: Server, host: string): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server without a port.');
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${address.port}`;
}
