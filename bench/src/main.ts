import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runDurability } from './durability.ts';
import { measureFlood, measureReject } from './forged.ts';
import { measureNodes } from './nodes.ts';
import type { GateResult } from './gates.ts';
import { type BenchOptions, HELP, parseOptions } from './options.ts';
import { profileEphemera } from './profile.ts';
import { type BenchResult, chooseExitCode, describeMachine, formatReport } from './report.ts';
import { type RunContext, runScenario, type ScenarioResult } from './run-scenario.ts';
import { LOAD_SCENARIOS } from './scenarios.ts';
import { measureSelection } from './selection.ts';
import { measureSizes } from './sizes.ts';
import { measureVoice } from './voice.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

const MS_PER_SECOND = 1_000;
const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

type Runner = { options: BenchOptions; supervisor: Supervisor; workDirectory: string };

function printProgress(name: string): (text: string) => void {
  return (text) => {
    console.log(`${name}: ${text}`);
  };
}

async function measureForged(
  { scenarios }: BenchOptions,
  contextOf: (name: string) => RunContext,
): Promise<GateResult[]> {
  const reject = scenarios.includes('reject') ? await measureReject(contextOf('reject')) : [];
  const flood = scenarios.includes('flood') ? await measureFlood(contextOf('flood')) : [];
  return [...reject, ...flood];
}

async function measureEverything(runner: Runner): Promise<BenchResult> {
  const startedAt = new Date();
  const { options } = runner;
  const contextOf = (name: string): RunContext => ({ ...runner, onProgress: printProgress(name) });
  const sizes = options.scenarios.includes('size') ? await measureSizes(printProgress('size')) : [];
  const scenarios: ScenarioResult[] = [];
  for (const scenario of LOAD_SCENARIOS) {
    if (options.scenarios.includes(scenario.name))
      scenarios.push(await runScenario(scenario, contextOf(scenario.name)));
  }
  const durability = options.scenarios.includes('durability')
    ? await runDurability(contextOf('durability'))
    : null;
  const selection = options.scenarios.includes('selection')
    ? await measureSelection(runner.supervisor, printProgress('selection'))
    : [];
  const nodes = options.scenarios.includes('nodes') ? await measureNodes(contextOf('nodes')) : [];
  const forged = await measureForged(options, contextOf);
  const voice = options.scenarios.includes('voice') ? await measureVoice(printProgress('voice')) : [];
  const profile = options.wantsProfile ? await profileEphemera(contextOf('profile')) : null;
  return {
    startedAt: startedAt.toISOString(),
    tookSeconds: Math.round((Date.now() - startedAt.getTime()) / MS_PER_SECOND),
    machine: describeMachine(),
    options,
    scenarios,
    durability,
    selection,
    nodes,
    forged,
    voice,
    sizes,
    profile,
  };
}

async function runBench(options: BenchOptions): Promise<number> {
  const workDirectory = await mkdtemp(join(tmpdir(), 'ephemera-bench-'));
  const supervisor = createSupervisor(workDirectory);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      supervisor.killAll();
      rmSync(workDirectory, { recursive: true, force: true });
      process.exit(signal === 'SIGINT' ? 130 : 143);
    });
  }
  try {
    const result = await measureEverything({ options, supervisor, workDirectory });
    await mkdir(RESULTS, { recursive: true });
    await writeFile(join(RESULTS, 'latest.json'), `${JSON.stringify(result, null, 2)}\n`);
    console.log(
      `\n${formatReport(result)}\n\n${result.tookSeconds} s; all figures are in bench/results/latest.json`,
    );
    return chooseExitCode(result);
  } finally {
    await supervisor.stopAll();
    await rm(workDirectory, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options !== null) return runBench(options);
  console.log(HELP);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
