import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startLoadClient } from './load-client.ts';
import type { RunContext } from './run-scenario.ts';
import { startTarget } from './targets.ts';

export type ProfileRow = { share: number; name: string; place: string };
export type ProfileSummary = { directory: string; functions: ProfileRow[]; files: ProfileRow[] };

type ProfileNode = {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
};
type CpuProfile = {
  nodes: ProfileNode[];
  samples: number[];
  /** Microseconds, as all times of a profile. */
  timeDeltas: number[];
  startTime: number;
  endTime: number;
};

const CONNECTIONS = 32;
const WARM_UP_MS = 8_000;
const LOAD_MS = 8_000;
/** Time at the end that is looked at: start, compilation and warm-up lie before it. */
const WINDOW_US = 7_000_000;
const SAMPLE_US = 500;
const ROWS = 30;
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

function describePlace(url: string): string {
  const file = url.startsWith('file:') ? relative(REPOSITORY, fileURLToPath(url)) : url;
  return file === '' ? '(engine)' : file;
}

function rank(times: ReadonlyMap<string, number>, total: number): ProfileRow[] {
  return [...times]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, ROWS)
    .map(([key, time]) => {
      const [name = '', place = ''] = key.split('\t');
      return { share: time / total, name, place };
    });
}

/** Self time by function and by file under full load, idle time left out. */
function summarizeProfile(profile: CpuProfile): Pick<ProfileSummary, 'functions' | 'files'> {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const byFunction = new Map<string, number>();
  const byFile = new Map<string, number>();
  let total = 0;
  let time = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    const frame = nodes.get(id)?.callFrame;
    const delta = profile.timeDeltas[index] ?? 0;
    time += delta;
    if (time < profile.endTime - WINDOW_US) continue;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const file = describePlace(frame.url);
    const key = `${frame.functionName || '(anonymous)'}\t${file}:${frame.lineNumber + 1}`;
    byFunction.set(key, (byFunction.get(key) ?? 0) + delta);
    byFile.set(`\t${file}`, (byFile.get(`\t${file}`) ?? 0) + delta);
    total += delta;
  }
  return { functions: rank(byFunction, total), files: rank(byFile, total) };
}

/** Loads Ephemera under Node's CPU profiler; the files can be opened in any tool that reads .cpuprofile. */
export async function profileEphemera(context: RunContext): Promise<ProfileSummary> {
  const { supervisor, workDirectory, onProgress } = context;
  const directory = fileURLToPath(new URL('../results/profile/', import.meta.url));
  await mkdir(directory, { recursive: true });
  const name = `ephemera-${Date.now()}.cpuprofile`;
  const upstream = await supervisor.startOwnServer(new URL('./processes/mock-upstream.ts', import.meta.url));
  const target = await startTarget('ephemera', {
    supervisor,
    workDirectory,
    upstreamPort: upstream.port,
    nodeArgs: [
      '--cpu-prof',
      `--cpu-prof-interval=${SAMPLE_US}`,
      `--cpu-prof-dir=${directory}`,
      `--cpu-prof-name=${name}`,
    ],
  });
  const load = startLoadClient(supervisor);
  onProgress('recording');
  const order = { ...target.request, port: target.server.port, connections: CONNECTIONS, keepBodies: false };
  await load.run({ ...order, durationMs: WARM_UP_MS });
  await load.run({ ...order, durationMs: LOAD_MS });
  await target.server.stop();
  await supervisor.stopAll();
  if (!(await readdir(directory)).includes(name))
    throw new Error('Node wrote no profile: the server did not exit.');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because Node documents what --cpu-prof writes
  const profile = JSON.parse(await readFile(join(directory, name), 'utf8')) as CpuProfile;
  return { directory: relative(REPOSITORY, directory), ...summarizeProfile(profile) };
}
