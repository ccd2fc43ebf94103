import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** `open`: as if it were not there. `hole`: nothing comes through, and nobody is told. `cut`: nobody is let in. */
export type Passage = 'open' | 'hole' | 'cut';

/** Between a client and a server, to be taken away and put back. */
export type FaultProxy = AsyncDisposable & { port: number; setPassage: (passage: Passage) => void };

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let passage: Passage = 'open';

  function keep(socket: Socket): void {
    sockets.add(socket);
    // What is cut off says so to its other end, which is all there is to do about it.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  }

  function forward(from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      if (passage === 'open') to.write(chunk);
    });
    from.once('close', () => to.destroy());
  }

  const server = createServer((inner) => {
    keep(inner);
    if (passage === 'cut') {
      inner.resetAndDestroy();
      return;
    }
    const outer = connect(targetPort, '127.0.0.1');
    keep(outer);
    forward(inner, outer);
    forward(outer, inner);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    port: address.port,
    setPassage: (next) => {
      // What a hole has swallowed is lost: a connection that was in it cannot go on.
      if (passage === 'hole' || next === 'cut') for (const socket of sockets) socket.resetAndDestroy();
      passage = next;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
