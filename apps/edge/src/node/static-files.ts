import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import type { PageAssets } from '../http/page-assets.ts';

const compress = promisify(gzip);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.wav': 'audio/wav',
  '.wasm': 'application/wasm',
};
const COMPRESSIBLE = /^(?:text|application|image\/svg)/;

type StaticFile = {
  plain: Buffer<ArrayBuffer>;
  packed: Buffer<ArrayBuffer> | null;
  etag: string;
  type: string;
};

/**
 * The files of a built web app. A request only ever looks up the list made here, so no path of a request reaches the
 * file system; each file is read and compressed once, on first use.
 */
export async function createStaticFiles(folder: string): Promise<PageAssets & { isEmpty: boolean }> {
  const paths = await listFiles(folder);
  const loaded = new Map<string, Promise<StaticFile>>();
  return {
    isEmpty: !paths.has('/index.html'),
    find: async (path, request) => {
      const file = paths.get(path);
      if (file === undefined) return null;
      const loading = loaded.get(path) ?? loadFile(file);
      loaded.set(path, loading);
      return answerFile(await loading, request);
    },
  };
}

async function listFiles(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [`/${relative(folder, file).split(sep).join('/')}`, file]));
}

async function loadFile(path: string): Promise<StaticFile> {
  const plain = Buffer.from(await readFile(path));
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  const packed = COMPRESSIBLE.test(type) ? Buffer.from(await compress(plain, { level: 9 })) : null;
  return {
    plain,
    packed,
    type,
    etag: `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
  };
}

function answerFile(file: StaticFile, request: Request): Response {
  const headers = { etag: file.etag, 'content-type': file.type, vary: 'Accept-Encoding' };
  if (matches(request.headers.get('if-none-match'), file.etag))
    return new Response(null, { status: 304, headers });
  const acceptsGzip = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
  const packed = acceptsGzip ? file.packed : null;
  return new Response(request.method === 'HEAD' ? null : (packed ?? file.plain), {
    headers: packed === null ? headers : { ...headers, 'content-encoding': 'gzip' },
  });
}

function matches(condition: string | null, etag: string): boolean {
  if (condition === null) return false;
  return condition.split(',').some((part) => normalizeTag(part) === normalizeTag(etag));
}

/** Weak comparison, as If-None-Match asks for: the same text, whichever way it was encoded. */
function normalizeTag(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}
