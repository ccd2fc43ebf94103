// Budgets of what is shipped: the Worker's bundle, and the JavaScript a browser loads before it shows anything.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const WEB_DIST = 'apps/web/dist';
const WORKER_DIST = 'apps/edge/dist';

function gzipBytes(files: string[]): number {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).byteLength, 0);
}

/** Scripts that index.html loads or preloads. */
function listFirstViewScripts(): string[] {
  const html = readFileSync(join(WEB_DIST, 'index.html'), 'utf8');
  const urls = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1] ?? '');
  return [...new Set(urls)].map((url) => join(WEB_DIST, url));
}

const BUDGETS = [
  { name: "the Worker's bundle", maxBytes: 400 * 1024, files: globSync(`${WORKER_DIST}/*.js`) },
  { name: 'JavaScript of the first view', maxBytes: 90_000, files: listFirstViewScripts() },
];

for (const { name, maxBytes, files } of BUDGETS) {
  const bytes = gzipBytes(files);
  const isOver = files.length === 0 || bytes > maxBytes;
  console.log(`${name}: ${bytes} of ${maxBytes} bytes gzip in ${files.length} files`);
  if (isOver) process.exitCode = 1;
}
