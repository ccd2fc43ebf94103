import type { EdgeContext } from '../http/edge-context.ts';
import type { PageAssets } from '../http/page-assets.ts';

const PLAIN_PATH = /^(?:\/[A-Za-z0-9_~-][\w.~-]*)*\/?$/;
const RESERVED_FIRST_SEGMENT = /^\/(?:api|v1|trpc|assets|healthz|readyz|\.well-known)(?:\/|$)/i;
const HASHED_FILE = /^\/assets\/.*-[\w-]{8,}\.\w+$/;

/** The API page, under the name that people look for. */
const DOCS_PATH = '/docs';
const DOCS_FILE = '/docs.html';

export type PagesOptions = {
  assets: PageAssets;
  pageHeaders: Record<string, string>;
  /** Of the API page, whose script is not ours. */
  docsHeaders: Record<string, string>;
};

/**
 * The web app: its files, and index.html for the paths its router knows. A path that only looks like a page (encoded,
 * doubled slashes, the name of an API) gets no page, so nothing can pass for something it is not.
 */
export function createPages(options: PagesOptions): (c: EdgeContext) => Promise<Response | null> {
  return async (c) => {
    const asked = new URL(c.req.url).pathname;
    const path = asked === DOCS_PATH ? DOCS_FILE : asked;
    if (!isReadMethod(c.req.method) || !PLAIN_PATH.test(path)) return null;
    const file = path === '/' ? null : await options.assets.find(path, c.req.raw);
    if (file !== null) return answerFile(c, file, options);
    if (!isPagePath(path)) return null;
    const page = await options.assets.find('/index.html', c.req.raw);
    return page === null ? null : answerFile(c, page, options);
  };
}

function isReadMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function isPagePath(path: string): boolean {
  const lastSegment = path.slice(path.lastIndexOf('/') + 1);
  return !lastSegment.includes('.') && !RESERVED_FIRST_SEGMENT.test(path);
}

function answerFile(c: EdgeContext, file: Response, options: PagesOptions): Response {
  const headers = new Headers(file.headers);
  const { pathname } = new URL(c.req.url);
  const isDocs = pathname === DOCS_PATH || pathname === DOCS_FILE;
  const own = isDocs ? options.docsHeaders : options.pageHeaders;
  for (const [name, value] of Object.entries(own)) headers.set(name, value);
  headers.set('x-request-id', c.get('requestId'));
  const isHashed = HASHED_FILE.test(pathname);
  headers.set('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  return new Response(file.body, { status: file.status, headers });
}
