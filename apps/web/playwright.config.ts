import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.spec.ts',
  outputDir: './test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // One at a time: each call needs its audio in real time, on two cores.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: 'list',
});
