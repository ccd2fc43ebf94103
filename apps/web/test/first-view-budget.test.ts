// @vitest-environment node
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'vite';
import type { Manifest } from 'vite';
import { afterAll, beforeAll, test } from 'vitest';

const BUDGET_BYTES = 90_000;

const root = fileURLToPath(new URL('..', import.meta.url));
let outDir: string;
let manifest: Manifest;
let html: string;

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'ephemera-web-'));
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, manifest: true },
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because vite writes this file in its own shape
  manifest = JSON.parse(await readFile(join(outDir, '.vite/manifest.json'), 'utf8')) as Manifest;
  html = await readFile(join(outDir, 'index.html'), 'utf8');
}, 120_000);

afterAll(async () => {
  await rm(outDir, { recursive: true, force: true });
});

/** A chunk and everything that it cannot run without. */
function collectFiles(key: string, files: Set<string>): Set<string> {
  const chunk = manifest[key];
  if (chunk === undefined || files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) collectFiles(imported, files);
  return files;
}

async function measureView(keys: readonly string[]): Promise<number> {
  const files = new Set<string>(['theme.js', 'trusted-types.js']);
  for (const key of keys) collectFiles(key, files);
  const sizes = [...files].map(async (file) => gzipSync(await readFile(join(outDir, file))).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test.for([
  ['/', 'src/features/overview/overview-page.tsx', 'src/i18n/en/overview.ts'],
  ['/playground', 'src/features/playground/playground-page.tsx'],
  ['/login', 'src/features/sign-in/sign-in-page.tsx'],
  ['/sessions', 'src/features/sessions/sessions-page.tsx', 'src/i18n/en/sessions.ts'],
  ['/sessions/:id', 'src/features/sessions/session-page.tsx', 'src/i18n/en/sessions.ts'],
  ['/access-keys', 'src/features/access-keys/access-keys-page.tsx', 'src/i18n/en/access-keys.ts'],
  ['/settings/account', 'src/features/settings/account-page.tsx', 'src/i18n/en/accounts.ts'],
  ['/settings/members', 'src/features/members/members-page.tsx', 'src/i18n/en/accounts.ts'],
  ['/setup', 'src/features/setup/pages.ts', 'src/i18n/en/accounts.ts'],
  ['/users', 'src/features/users/users-page.tsx', 'src/i18n/en/limits.ts'],
  ['/users/:id', 'src/features/users/user-page.tsx', 'src/i18n/en/limits.ts'],
  ['/budgets', 'src/features/budgets/budgets-page.tsx', 'src/i18n/en/limits.ts'],
  ['/provider-keys', 'src/features/provider-keys/provider-keys-page.tsx', 'src/i18n/en/provider-keys.ts'],
  ['/usage', 'src/features/usage/usage-page.tsx', 'src/i18n/en/usage.ts'],
  ['/nodes', 'src/features/nodes/nodes-page.tsx', 'src/i18n/en/nodes.ts'],
  ['/nodes/:id', 'src/features/nodes/node-page.tsx', 'src/i18n/en/nodes.ts'],
  ['/registration-tokens', 'src/features/nodes/tokens-page.tsx', 'src/i18n/en/nodes.ts'],
  ['/audit', 'src/features/audit/audit-page.tsx', 'src/i18n/en/audit.ts'],
])('the first view of %s costs at most 90 kB of gzipped JavaScript', async ([, ...chunks], { expect }) => {
  for (const chunk of chunks) expect(manifest).toHaveProperty([chunk]);
  const bytes = await measureView(['index.html', ...chunks]);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
});

test('the page needs no inline script or style', async ({ expect }) => {
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
});

test('no template of the app carries a style attribute', async ({ expect }) => {
  const scripts = Object.values(manifest).map(({ file }) => file);
  for (const file of scripts.filter((name) => name.endsWith('.js'))) {
    const code = await readFile(join(outDir, file), 'utf8');
    expect(code, file).not.toMatch(/<[a-z]+[^<>`"']*\sstyle=/);
  }
});
