import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'edge-node',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // One module graph a test process, which keeps its simulator, its templates and the loaded libraries.
    isolate: false,
    env: { EDGE_TEST_HOST: 'node' },
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
  },
});
