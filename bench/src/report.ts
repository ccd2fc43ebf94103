import { availableParallelism, cpus, release, totalmem } from 'node:os';

import type { DurabilityResult } from './durability.ts';
import type { Bound, GateResult, Verdict } from './gates.ts';
import type { BenchOptions } from './options.ts';
import type { ProfileRow, ProfileSummary } from './profile.ts';
import type { ScenarioResult } from './run-scenario.ts';
import type { Sample } from './sampler.ts';
import type { SizeRow } from './sizes.ts';
import { type Spread, summarizeSpread } from './statistics.ts';
import type { TargetName } from './target.ts';

export type BenchResult = {
  startedAt: string;
  tookSeconds: number;
  machine: { cores: number; model: string; memoryGib: number; kernel: string; node: string };
  options: BenchOptions;
  scenarios: ScenarioResult[];
  durability: DurabilityResult | null;
  selection: GateResult[];
  nodes: GateResult[];
  forged: GateResult[];
  voice: GateResult[];
  sizes: SizeRow[];
  profile: ProfileSummary | null;
};

const LABELS: Readonly<Record<TargetName, string>> = {
  direct: 'upstream directly',
  floor: 'F  Hono + undici Pool',
  sketch: 'S  sketch of a mint',
  peer: 'P  @portkey-ai/gateway',
  ephemera: 'E  Ephemera on Node',
  'peer-two-targets': 'P  two targets, first healthy',
  'peer-fallback': 'P  two targets, first says 429',
  'ephemera-two-keys': 'E  two healthy keys',
  'ephemera-failover': 'E  first key says 429',
  'ephemera-breaker': 'E  one breaker open',
  'bare-query': 'E  tRPC sessions.get',
  'internal-read': 'E  internal api-keys',
};

const BYTES_PER_GIB = 1_073_741_824;
const BYTES_PER_KB = 1_000;
const PERCENT = 100;

export function describeMachine(): BenchResult['machine'] {
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGib: Math.round(totalmem() / BYTES_PER_GIB),
    kernel: release(),
    node: process.version,
  };
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

function formatSpread({ min, median, max }: Spread): string {
  return `${formatNumber(min)} / ${formatNumber(median)} / ${formatNumber(max)}`;
}

function formatBound(bound: Bound): string {
  return `${bound.kind === 'atLeast' ? '≥' : '≤'} ${bound.value}`;
}

function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const formatRow = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [formatRow(header), rule, ...rows.map(formatRow)].join('\n');
}

function formatScenario(result: ScenarioResult): string {
  const { scenario, rounds, residentMib, sampleMs } = result;
  const rows = scenario.targets.map((name) => {
    const spreadOf = (pick: (sample: Sample) => number): string =>
      formatSpread(summarizeSpread(rounds.complete.flatMap((round) => round[name] ?? []).map(pick)));
    return [
      LABELS[name],
      spreadOf((sample) => sample.perSecond),
      spreadOf((sample) => sample.p50Us),
      spreadOf((sample) => sample.p99Us),
      spreadOf((sample) => sample.cpuUs),
      formatNumber(residentMib[name] ?? Number.NaN),
    ];
  });
  const header = ['min / median / max', 'answers/s', 'p50 µs', 'p99 µs', 'CPU µs each', 'RSS MiB'];
  return [
    `${scenario.name}: ${scenario.title}`,
    `${rounds.complete.length} paired rounds of ${sampleMs} ms samples; ${rounds.rejected} noisy samples thrown away, ` +
      `${rounds.incomplete} rounds given up; ${describeGenerator(result)}`,
    formatTable(header, rows),
  ].join('\n');
}

/** Shows that the generator had room to spare: it drove the bare upstream faster than any target answered. */
function describeGenerator({ scenario, rounds }: ScenarioResult): string {
  const driven = scenario.targets.at(-1) ?? 'ephemera';
  const samples = rounds.complete.flatMap((round) => round[driven] ?? []);
  const share = summarizeSpread(samples.map((sample) => sample.generatorShare)).median * PERCENT;
  return `the generator used ${formatNumber(share)} % of a core while it drove the last of these`;
}

function formatGate({ title, bound, spread, verdict }: GateResult): string[] {
  return [title, formatSpread(spread), formatBound(bound), verdict];
}

function formatDurability({ acknowledged, missing }: DurabilityResult): string[] {
  const title = 'mints answered before kill -9 without a row';
  return [title, `${missing} of ${formatNumber(acknowledged)}`, '≤ 0', missing === 0 ? 'met' : 'missed'];
}

function formatSize({ title, gzipBytes, bound, isMet }: SizeRow): string[] {
  const size = `${formatNumber(gzipBytes / BYTES_PER_KB)} kB gzip`;
  if (bound === null) return [title, size, '', ''];
  return [title, size, `≤ ${formatNumber(bound.value / BYTES_PER_KB)} kB`, isMet ? 'met' : 'missed'];
}

function formatProfileRow({ share, name, place }: ProfileRow): string[] {
  return [`${(share * PERCENT).toFixed(1)} %`, name, place];
}

function formatProfile({ directory, functions, files }: ProfileSummary): string {
  return [
    `profile of Ephemera at 32 connections, self time without idle (${directory})`,
    formatTable(['share', 'function', 'place'], functions.map(formatProfileRow)),
    formatTable(['share', '', 'file'], files.map(formatProfileRow)),
  ].join('\n');
}

export function formatReport(result: BenchResult): string {
  const { machine, options } = result;
  const gates = [
    ...result.scenarios.flatMap((scenario) => scenario.gates.map(formatGate)),
    ...(result.durability === null ? [] : [formatDurability(result.durability)]),
    ...result.selection.map(formatGate),
    ...result.nodes.map(formatGate),
    ...result.forged.map(formatGate),
    ...result.voice.map(formatGate),
    ...result.sizes.map(formatSize),
  ];
  return [
    ...result.scenarios.map(formatScenario),
    ...(result.profile === null ? [] : [formatProfile(result.profile)]),
    `${machine.model}, ${machine.cores} cores, Node ${machine.node}; samples with more than ` +
      `${formatNumber(options.foreignShare * PERCENT)} % of the machine used by others are thrown away` +
      (options.isQuick ? '; QUICK RUN: a look, not a claim' : ''),
    ...(gates.length === 0 ? [] : [formatTable(['gate', 'min / median / max', 'bound', ''], gates)]),
  ].join('\n\n');
}

/** The exit code: a missed gate outweighs one that could not be judged. */
export function chooseExitCode(result: BenchResult): 0 | 1 | 2 {
  const gates = [
    ...result.scenarios.flatMap((scenario) => scenario.gates),
    ...result.selection,
    ...result.nodes,
    ...result.forged,
    ...result.voice,
  ];
  const verdicts: Verdict[] = gates.map(({ verdict }) => verdict);
  const hasLost = result.durability !== null && result.durability.missing > 0;
  if (verdicts.includes('missed') || hasLost || result.sizes.some((row) => !row.isMet)) return 1;
  return verdicts.includes('too few rounds') ? 2 : 0;
}
