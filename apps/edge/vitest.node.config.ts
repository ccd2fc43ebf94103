import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'edge-node',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    env: { EDGE_TEST_HOST: 'node' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
