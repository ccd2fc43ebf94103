#!/usr/bin/env node
import { fileURLToPath } from 'node:url';

import { runCli } from './run.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  // npm starts its scripts at the root, and says here where it was called.
  callersFolder: process.env['INIT_CWD'] ?? process.cwd(),
  rootFolder: fileURLToPath(new URL('../../..', import.meta.url)),
  nowMs: () => Date.now(),
  onInterrupt: (listener) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
    return () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, listener);
    };
  },
});
