import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { Log, LogLevel, Miniflare } from 'miniflare';
import { inject } from 'vitest';

const WEB_FIXTURE = fileURLToPath(new URL('../fixtures/web', import.meta.url));
const EDGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url));

export type RunningWorker = AsyncDisposable & { url: string; logs: () => string };

/** The deployed bundle in a workerd of its own. */
export async function launchWorker(vars: Record<string, string>): Promise<RunningWorker> {
  const lines: string[] = [];
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    log: new Log(LogLevel.NONE),
    logRequests: false,
    telemetry: { enabled: false },
    handleStructuredLogs: ({ message }) => lines.push(message),
    workers: [
      {
        config: {
          name: 'edge-under-test',
          compatibilityDate: '2026-10-20',
          compatibilityFlags: ['enable_request_signal'],
          manifest: {
            mainModule: 'worker.js',
            modulesRoot: EDGE_FOLDER,
            modules: { 'worker.js': { type: 'esm', contents: await readBundle() } },
          },
          env: {
            ...Object.fromEntries(
              Object.entries(vars).map(([name, value]) => [name, { type: 'text', value } as const]),
            ),
            ASSETS: { type: 'assets' },
          },
          assets: {
            directory: WEB_FIXTURE,
            hasUserWorker: true,
            htmlHandling: 'none',
            notFoundHandling: 'none',
            runWorkerFirst: true,
          },
        },
      },
    ],
  });
  const url = await miniflare.ready;
  return {
    url: url.origin,
    logs: () => lines.join('\n'),
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  };
}

async function readBundle(): Promise<string> {
  const path = inject('workerBundle');
  if (path === null) throw new TypeError('This project runs no Worker.');
  return await readFile(path, 'utf8');
}
