import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

import { startProcess } from './processes.ts';

declare module 'vitest' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- because only an interface can be added to
  interface ProvidedContext {
    /** For what all test processes of a run share; removed at its end. */
    edgeTestFolder: string;
    /** The Worker, bundled as it is deployed; null where no suite of the project runs it. */
    workerBundle: string | null;
  }
}

const EDGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const WEB_FIXTURE = fileURLToPath(new URL('../fixtures/web', import.meta.url));
const WRANGLER = fileURLToPath(new URL('../../../../node_modules/.bin/wrangler', import.meta.url));

/** Once a run and project, before its first file. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-edge-run-'));
  project.provide('edgeTestFolder', folder);
  const isWorkerd = project.config.env['EDGE_TEST_HOST'] === 'workerd';
  project.provide('workerBundle', isWorkerd ? await bundleWorker(join(folder, 'worker')) : null);
  return () => rm(folder, { recursive: true, force: true });
}

async function bundleWorker(folder: string): Promise<string> {
  await using build = startProcess({
    command: WRANGLER,
    args: ['deploy', '--dry-run', '--minify', '--outdir', folder, '--assets', WEB_FIXTURE],
    cwd: EDGE_FOLDER,
    env: { ...process.env, WRANGLER_HIDE_BANNER: 'true', WRANGLER_SEND_METRICS: 'false' },
  });
  if ((await build.exited) !== 0) throw new Error(`The Worker cannot be bundled:\n${build.output()}`);
  return join(folder, 'worker.js');
}
