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

/** A connection, how many of its requests have no answer yet, and the answer to the last of them. */
type Connection = { open: number; last: ServerResponse | null };

type Connections = {
  sockets: ReadonlyMap<Socket, Connection>;
  onAnswered: (listener: () => void) => void;
  refuseKeepAlive: () => void;
};

/**
 * By connection, since those last. A set of the answers under way is made anew every few hundred requests, and what the
 * old one held stays until V8 looks at the whole heap: with 256 callers that made a collection half as long again.
 */
function trackConnections(server: Server): Connections {
  const sockets = new Map<Socket, Connection>();
  let isClosing = false;
  let tellAnswered: (() => void) | null = null;

  function begin(connection: Connection, response: ServerResponse): void {
    connection.open += 1;
    connection.last = response;
    response.once('close', () => {
      connection.open -= 1;
      if (connection.open === 0) connection.last = null;
      tellAnswered?.();
    });
  }

  server.on('connection', (socket: Socket) => {
    sockets.set(socket, { open: 0, last: null });
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    if (isClosing) response.shouldKeepAlive = false;
    const connection = sockets.get(socket);
    if (connection !== undefined) begin(connection, response);
  });
  return {
    sockets,
    onAnswered: (listener) => {
      tellAnswered = listener;
    },
    refuseKeepAlive: () => {
      isClosing = true;
      for (const { last } of sockets.values()) if (last !== null) last.shouldKeepAlive = false;
    },
  };
}

function endIdle({ sockets }: Connections): void {
  for (const [socket, { open }] of sockets) if (open === 0 && !socket.writableEnded) socket.destroySoon();
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
        for (const socket of connections.sockets.keys()) socket.destroy();
      }, graceMs);
      await promise;
      clearTimeout(idle);
      clearTimeout(cut);
    },
  };
}
