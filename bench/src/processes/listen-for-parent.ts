import type { Server } from 'node:net';

/** Listens on a free loopback port, tells the parent which, and ends with the parent. */
export function listenForParent(server: Server): void {
  process.on('disconnect', () => {
    process.exit(0);
  });
  server.listen(0, '127.0.0.1', 4_096, () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No TCP address was bound.');
    process.send?.({ port: address.port });
  });
}
