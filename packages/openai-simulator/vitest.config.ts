import { defineConfig } from 'vitest/config';

/** Most suites start the simulator as a process of its own, which a busy machine can make wait. */
export default defineConfig({
  test: {
    name: 'openai-simulator',
    isolate: false,
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
  },
});
