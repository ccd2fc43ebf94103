import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'edge-workerd',
    include: ['test/**/*.test.ts'],
    exclude: ['**/*.node.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // One module graph a test process, which keeps its simulator, its templates and the loaded libraries.
    isolate: false,
    env: {
      EDGE_TEST_HOST: 'workerd',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_SEND_METRICS: 'false',
    },
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
  },
});
