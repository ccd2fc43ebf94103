import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ensureFolder } from './ensure-folder.ts';
import { StartError } from './start-error.ts';

/** What scripts need to use the running demo. Secrets of a loopback demo, readable by their owner only. */
export type DemoFile = {
  url: string;
  simulatorUrl: string | null;
  operator: { email: string; password: string };
  userToken: string;
  /** With which an app calls. */
  accessKey: string;
  /** With which services fetch provider keys. */
  internalApiSecret: string | null;
  /** For `GET /metrics`. */
  metricsToken: string | null;
};

/** Throws StartError with the reason in one line. */
export async function writeDemoFile(dataDir: string, demo: DemoFile): Promise<string> {
  try {
    return await replaceDemoFile(dataDir, demo);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`demo.json cannot be written: ${reason}`, { cause });
  }
}

/** Writes `demo.json` whole or not at all: a reader never sees half of it. */
async function replaceDemoFile(dataDir: string, demo: DemoFile): Promise<string> {
  await ensureFolder(dataDir);
  const path = join(dataDir, 'demo.json');
  const draft = `${path}.${process.pid}.tmp`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
  return path;
}
