import { defineConfig } from 'vitest/config';

// Processes are started and killed here, on machines that may be busy with something else.
export default defineConfig({ test: { name: 'db', isolate: false, testTimeout: 60_000 } });
