import type { BenchOptions } from './options.ts';
import { readResidentMib } from './cpu.ts';
import { judge, type GateResult } from './gates.ts';
import { startLoadClient } from './load-client.ts';
import { runRounds, type Rounds } from './rounds.ts';
import { createSampler } from './sampler.ts';
import type { LoadScenario } from './scenarios.ts';
import type { Supervisor } from './supervisor.ts';
import type { Target, TargetName } from './target.ts';
import { createDirectTarget, startTarget } from './targets.ts';

export type ScenarioResult = {
  scenario: Pick<LoadScenario, 'name' | 'title' | 'upstreamDelayMs' | 'connections' | 'targets'>;
  sampleMs: number;
  rounds: Rounds;
  residentMib: Partial<Record<TargetName, number>>;
  gates: GateResult[];
};

export type RunContext = {
  options: BenchOptions;
  supervisor: Supervisor;
  workDirectory: string;
  onProgress: (text: string) => void;
};

/** As a server that has been up for a while: with less, the larger programs are measured half compiled. */
const WARM_UP = { ms: 8_000, quickMs: 3_000, minConnections: 32 } as const;
const QUICK_SAMPLE_MS = 700;
const QUICK_BUDGET_MS = 30_000;

async function startTargets(scenario: LoadScenario, context: RunContext): Promise<Target[]> {
  const { supervisor, workDirectory } = context;
  const file = new URL('./processes/mock-upstream.ts', import.meta.url);
  const upstream = await supervisor.startOwnServer(file, [String(scenario.upstreamDelayMs)]);
  const targets: Target[] = [];
  for (const name of scenario.targets) {
    if (name === 'direct') targets.push(createDirectTarget(upstream));
    else targets.push(await startTarget(name, { supervisor, workDirectory, upstreamPort: upstream.port }));
  }
  return targets;
}

/** Starts the scenario's processes, measures, and ends them, so that no scenario inherits another's heap or rows. */
export async function runScenario(scenario: LoadScenario, context: RunContext): Promise<ScenarioResult> {
  const { options, supervisor, onProgress } = context;
  const sampleMs = options.isQuick ? QUICK_SAMPLE_MS : scenario.sampleMs;
  const shape = { connections: scenario.connections, durationMs: sampleMs };
  onProgress('starting');
  const targets = await startTargets(scenario, context);
  const load = startLoadClient(supervisor);
  const { foreignShare } = options;
  const sampler = createSampler({ load, listPids: () => [process.pid, ...supervisor.pids], foreignShare });

  onProgress('warming up');
  const warmUp = {
    connections: scenario.warmUpConnections ?? Math.max(scenario.connections, WARM_UP.minConnections),
    durationMs: options.isQuick ? WARM_UP.quickMs : WARM_UP.ms,
  };
  for (const target of targets) await sampler.warmUp(target, warmUp);
  const rounds = await runRounds({
    sampler,
    targets,
    shape,
    wanted: options.rounds,
    foreignShare,
    budgetMs: options.isQuick ? QUICK_BUDGET_MS : scenario.budgetMs,
    random: Math.random,
    onProgress,
  });
  const residentMib = Object.fromEntries(
    targets.map(({ name, server }) => [name, readResidentMib(server.pid)]),
  );
  await supervisor.stopAll();
  const gates = scenario.gates.map((gate) => judge(gate, rounds.complete, options.rounds));
  const { name, title, upstreamDelayMs, connections } = scenario;
  return {
    scenario: { name, title, upstreamDelayMs, connections, targets: scenario.targets },
    sampleMs,
    rounds,
    residentMib,
    gates,
  };
}
