import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Server, Server as NetServer, type Socket } from 'node:net';

/** A client may be writing its next request while its idle connection would be closed; this long it gets an answer. */
const IDLE_GRACE_MS = 300;

/** How many turns of the event loop hand over the connections that the kernel has accepted; closing resets the rest. */
const ACCEPT_TURNS = 2;

export type Draining = {
  /** Stops accepting, lets requests under way finish for up to `graceMs`, then cuts what is left. */
  close: (graceMs: number) => Promise<void>;
};

type Connections = {
  sockets: ReadonlySet<Socket>;
  responses: ReadonlySet<ServerResponse>;
  onAnswered: (listener: () => void) => void;
  refuseKeepAlive: () => void;
};

function trackConnections(server: Server): Connections {
  const sockets = new Set<Socket>();
  const responses = new Set<ServerResponse>();
  let isClosing = false;
  let tellAnswered: (() => void) | null = null;

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    if (isClosing) response.shouldKeepAlive = false;
    responses.add(response);
    response.once('close', () => {
      responses.delete(response);
      tellAnswered?.();
    });
  });
  return {
    sockets,
    responses,
    onAnswered: (listener) => {
      tellAnswered = listener;
    },
    refuseKeepAlive: () => {
      isClosing = true;
      for (const response of responses) response.shouldKeepAlive = false;
    },
  };
}

function endIdle({ sockets, responses }: Connections): void {
  const busy = new Set([...responses].map(({ req }) => req.socket));
  for (const socket of sockets) if (!busy.has(socket) && !socket.writableEnded) socket.destroySoon();
}

async function passTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
}

/** Must be called before any other listener for requests is added: it decides what their answers say of the connection. */
export function createDraining(server: Server): Draining {
  const connections = trackConnections(server);

  return {
    close: async (graceMs) => {
      if (!server.listening) return;
      connections.refuseKeepAlive();
      await passTurns(ACCEPT_TURNS);
      const { promise, resolve } = Promise.withResolvers<void>();
      // The one of HTTP would close the idle connections at once.
      NetServer.prototype.close.call(server, () => {
        resolve();
      });
      const idle = setTimeout(() => {
        endIdle(connections);
        // Those whose answer had begun before the end was known: it did not say that it is the last.
        connections.onAnswered(() => {
          endIdle(connections);
        });
      }, IDLE_GRACE_MS);
      const cut = setTimeout(() => {
        for (const socket of connections.sockets) socket.destroy();
      }, graceMs);
      await promise;
      clearTimeout(idle);
      clearTimeout(cut);
    },
  };
}
