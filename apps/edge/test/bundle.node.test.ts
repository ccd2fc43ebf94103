import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { test } from 'vitest';

import { startProcess } from './support/processes.ts';

const EDGE_FOLDER = fileURLToPath(new URL('..', import.meta.url));
const WEB_FIXTURE = fileURLToPath(new URL('fixtures/web', import.meta.url));
const WRANGLER = fileURLToPath(new URL('../../../node_modules/.bin/wrangler', import.meta.url));
const MAX_GZIP_BYTES = 400 * 1_024;

test(
  'the Worker is under 400 KiB gzip and holds nothing of the Node host',
  { timeout: 120_000 },
  async ({ expect }) => {
    const folder = await mkdtemp(join(tmpdir(), 'ephemera-bundle-'));
    try {
      await using build = startProcess({
        command: WRANGLER,
        args: ['deploy', '--dry-run', '--minify', '--outdir', folder, '--assets', WEB_FIXTURE],
        cwd: EDGE_FOLDER,
        env: { ...process.env, WRANGLER_HIDE_BANNER: 'true', WRANGLER_SEND_METRICS: 'false' },
      });
      expect({ code: await build.exited, output: build.output() }).toMatchObject({ code: 0 });

      const bundle = await readFile(join(folder, 'worker.js'), 'utf8');

      expect(gzipSync(bundle, { level: 9 }).byteLength).toBeLessThan(MAX_GZIP_BYTES);
      for (const trace of [
        'undici',
        'node:http',
        'node:fs',
        'node:child_process',
        'Stop with Ctrl-C',
        'libsql/linux',
      ]) {
        expect(bundle.includes(trace), trace).toBe(false);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
