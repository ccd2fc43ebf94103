import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: ['packages/*/vitest.config.ts', 'apps/*/vitest*.config.ts', 'bench/vitest.config.ts'],
  },
});
