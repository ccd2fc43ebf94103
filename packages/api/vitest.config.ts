import { defineConfig } from 'vitest/config';

// One module graph for all files: loading better-auth once a file would take longer than the tests.
export default defineConfig({
  test: { name: 'api', isolate: false, testTimeout: 60_000, expect: { poll: { timeout: 10_000 } } },
});
