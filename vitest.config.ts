import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Compiled code of the last start, for the test processes and for the many that they start.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url)) },
    projects: ['packages/*/vitest.config.ts', 'apps/*/vitest*.config.ts', 'bench/vitest.config.ts'],
  },
});
