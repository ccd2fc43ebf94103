import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { test as base } from 'vitest';

import { HOST_ENVIRONMENT, type RunningProcess, startProcess } from './processes.ts';

const ENTRY = fileURLToPath(new URL('../../src/node.ts', import.meta.url));

/** Each test has a data folder of its own. */
export const test = base.extend<{ dataDir: string }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  dataDir: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ephemera-start-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

/** The Node entry as a person starts it, with nothing of this process's environment. */
export function start(env: Record<string, string>): RunningProcess {
  return startProcess({
    command: process.execPath,
    args: [ENTRY],
    env: { ...HOST_ENVIRONMENT, HOME: '/nonexistent', PORT: '0', ...env },
  });
}
