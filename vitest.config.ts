import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

const COMPILED = new URL('node_modules/.cache/compile', import.meta.url);
const KNOWN_FORMATS = new URL('apps/edge/test/support/known-formats.ts', import.meta.url);

export default defineConfig({
  test: {
    env: {
      // Compiled code of the last start, for the test processes and for the many that they start.
      NODE_COMPILE_CACHE: fileURLToPath(COMPILED),
      // For the same: without it two thirds of what it takes to load the database's library.
      NODE_OPTIONS: `--import=${KNOWN_FORMATS.href}`,
    },
    projects: ['packages/*/vitest.config.ts', 'apps/*/vitest*.config.ts', 'bench/vitest.config.ts'],
  },
});
