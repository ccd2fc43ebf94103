import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';
import solid from 'vite-plugin-solid';

const broker = process.env['BROKER_URL'] ?? 'http://127.0.0.1:8787';
const brokerPaths = ['/trpc', '/api', '/v1', '/healthz', '/.well-known', '/docs', '/assets/scalar'];

/** The API page's script, as its makers built it: served from here, and never bundled with the app. */
function copyScalar(): Plugin {
  const folder = join(dirname(fileURLToPath(import.meta.resolve('@scalar/api-reference'))), 'browser');
  return {
    name: 'copy-scalar',
    apply: 'build',
    generateBundle() {
      for (const name of globSync(['standalone.esm.js', 'chunks/*.js'], { cwd: folder })) {
        const source = readFileSync(join(folder, name), 'utf8').replace(/\n\/\/# sourceMappingURL=.*$/, '');
        this.emitFile({ type: 'asset', fileName: `assets/scalar/${name}`, source });
      }
    },
  };
}

/** What every view needs, and what nearly every page does: cut up by who shares what, it came in some thirty chunks. */
const FRAME =
  /node_modules\/(?:solid-js|@solidjs|@tanstack|@solid-primitives|@trpc)\/|lucide-solid\/dist\/(?:esm|source)\/(?:Icon|defaultAttributes|context)|\/src\/(?:api|i18n)\/[^/]*$|\/src\/i18n\/en\/(?:en|shell|errors)\./;
const PAGE_PARTS =
  /\/src\/ui\/(?:button|page|badge|states|loading|skeleton|now|relative-time|copy-button|id-chip|panel|segmented)\.tsx?$/;

export default defineConfig({
  plugins: [solid(), tailwindcss(), copyScalar()],
  build: {
    target: 'es2023',
    // A data: URL would need a wider content security policy than 'self'.
    assetsInlineLimit: 0,
    // Every browser with the APIs a call needs preloads modules by itself.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'frame', test: FRAME },
            { name: 'page', test: PAGE_PARTS },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(brokerPaths.map((path) => [path, { target: broker }])),
  },
});
