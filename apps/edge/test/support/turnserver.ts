import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { findFreePort, requireExecutable, startProcess } from './processes.ts';

const SHIPPED_CONFIG = fileURLToPath(new URL('../../coturn/turnserver.conf', import.meta.url));

/** The real coturn with the configuration that this repository ships, on a free port of loopback. */
export async function startTurnserver(secret: string): Promise<AsyncDisposable & { port: number }> {
  const command = requireExecutable('/usr/bin/turnserver', 'install coturn (apt-get install coturn)');
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-turn-'));
  const port = await findFreePort();
  const running = startProcess({
    command,
    args: [
      '-c',
      SHIPPED_CONFIG,
      `--static-auth-secret=${secret}`,
      '--realm=turn.test',
      `--listening-port=${port}`,
      '--listening-ip=127.0.0.1',
      '--relay-ip=127.0.0.1',
      '--relay-ip=::1',
      '--log-file=stdout',
      '--verbose',
      `--pidfile=${join(folder, 'pid')}`,
      `--userdb=${join(folder, 'turndb')}`,
    ],
  });
  await running.waitFor(/UDP listener opened on\s*:\s*127\.0\.0\.1:/);
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
