import { once } from 'node:events';
import { createServer } from 'node:http';

/** An upstream that answers everything with a redirect to itself, and remembers what it was asked. */
export async function startRedirectingUpstream(): Promise<
  AsyncDisposable & { url: string; paths: () => string[] }
> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    response.writeHead(302, { location: '/stolen' });
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    paths: () => paths,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
