import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What scripts need to use the running demo. Secrets of a loopback demo, readable by their owner only. */
export type DemoFile = {
  url: string;
  simulatorUrl: string | null;
  operator: { email: string; password: string };
  userToken: string;
};

/** Writes `demo.json` whole or not at all: a reader never sees half of it. */
export async function writeDemoFile(dataDir: string, demo: DemoFile): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'demo.json');
  const draft = `${path}.${process.pid}.tmp`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
  return path;
}
