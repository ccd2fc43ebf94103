import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

const CONTENT_TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Bundles the page of the stock agents SDK and serves it on a free port of loopback. */
export async function serveAgentsPage(): Promise<{ url: string; stop(): Promise<void> }> {
  const root = fileURLToPath(new URL('../agents-sdk', import.meta.url));
  const outDir = mkdtempSync(join(tmpdir(), 'ephemera-agents-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir, target: 'es2024', minify: false },
  });
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '');
    try {
      const body = readFileSync(join(outDir, path));
      response
        .writeHead(200, { 'content-type': CONTENT_TYPES[extname(path)] ?? 'application/octet-stream' })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The page has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
