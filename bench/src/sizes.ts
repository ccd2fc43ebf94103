import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

import { isWithin, type Bound } from './gates.ts';

export type SizeRow = { title: string; gzipBytes: number; bound: Bound | null; isMet: boolean };

const KILOBYTE = 1_000;
const KIBIBYTE = 1_024;
const FIRST_VIEW_LIMIT: Bound = { kind: 'atMost', value: 90 * KILOBYTE };
const WORKER_LIMIT: Bound = { kind: 'atMost', value: 400 * KIBIBYTE };

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const WEB_DIST = join(REPOSITORY, 'apps/web/dist');
const EDGE_DIST = join(REPOSITORY, 'apps/edge/dist');

const SCRIPT = /<(?:script[^>]*\bsrc|link[^>]*\brel="modulepreload"[^>]*\bhref)="([^"]+\.js)"/g;
const STATIC_IMPORT = /(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g;
const LAZY_IMPORT = /\bimport\(\s*["'`]\.\/([^"'`]+\.js)["'`]\s*\)/g;

type Chunk = { gzipBytes: number; imports: string[]; lazy: string[] };

const run = promisify(execFile);

/** Builds through turbo, which answers at once when nothing has changed. */
async function buildEverything(): Promise<void> {
  try {
    await run('npm', ['run', 'build'], { cwd: REPOSITORY, maxBuffer: 64 * KIBIBYTE * KIBIBYTE });
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout).slice(-2_000) : '';
    throw new Error(`npm run build failed. Its last output:\n${output}`, { cause: error });
  }
}

function listMatches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}

async function listScripts(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => /\.m?js$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function readChunks(directory: string): Promise<Map<string, Chunk>> {
  const chunks = new Map<string, Chunk>();
  for (const file of await listScripts(directory)) {
    const text = await readFile(file, 'utf8');
    chunks.set(basename(file), {
      gzipBytes: gzipSync(text).length,
      imports: listMatches(text, STATIC_IMPORT),
      lazy: listMatches(text, LAZY_IMPORT),
    });
  }
  return chunks;
}

/** The named chunks and all that they import at once. */
function listClosure(chunks: ReadonlyMap<string, Chunk>, names: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(chunks.get(name)?.imports ?? []).map((path) => basename(path)));
  }
  return seen;
}

function sumBytes(chunks: ReadonlyMap<string, Chunk>, names: Iterable<string>): number {
  let total = 0;
  for (const name of names) total += chunks.get(name)?.gzipBytes ?? 0;
  return total;
}

/**
 * What opening a page loads: the entry, and the heaviest chunk that the entry loads lazily, because every route but the
 * shell is one of those.
 */
function sumFirstView(chunks: ReadonlyMap<string, Chunk>, html: string): number {
  const entry = listClosure(
    chunks,
    listMatches(html, SCRIPT).map((path) => basename(path)),
  );
  const lazy = [...entry].flatMap((name) => chunks.get(name)?.lazy ?? []).map((path) => basename(path));
  const views = lazy.map((name) => sumBytes(chunks, new Set([...entry, ...listClosure(chunks, [name])])));
  return Math.max(sumBytes(chunks, entry), ...views);
}

function createRow(title: string, gzipBytes: number, bound: Bound | null): SizeRow {
  return { title, gzipBytes, bound, isMet: bound === null || isWithin(bound, gzipBytes) };
}

/** Builds, then weighs what a browser loads first and what a Worker is deployed with. */
export async function measureSizes(onProgress: (text: string) => void): Promise<SizeRow[]> {
  onProgress('building');
  await buildEverything();
  const web = await readChunks(WEB_DIST);
  const worker = await readChunks(EDGE_DIST);
  const html = await readFile(join(WEB_DIST, 'index.html'), 'utf8');
  return [
    createRow('JavaScript of the first view', sumFirstView(web, html), FIRST_VIEW_LIMIT),
    createRow('JavaScript of all views', sumBytes(web, web.keys()), null),
    createRow("the Worker's bundle", sumBytes(worker, worker.keys()), WORKER_LIMIT),
  ];
}
