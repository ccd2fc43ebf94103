import { defineConfig } from '@playwright/test';

/** Specs in which somebody speaks: each call needs its audio in real time. */
const CALLS = ['agents-sdk', 'failures', 'interruption', 'relay', 'security', 'voice'].map(
  (name) => `**/${name}.spec.ts`,
);

export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.spec.ts',
  outputDir: './test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // On two cores: one call at a time, and beside it what has none.
  workers: 2,
  projects: [
    { name: 'calls', testMatch: CALLS, workers: 1 },
    { name: 'pages', testIgnore: CALLS },
  ],
  retries: 0,
  forbidOnly: true,
  reporter: 'list',
});
