import { parseArgs } from 'node:util';

const POOL_SCENARIOS = ['failover', 'breaker', 'breaker-rate', 'internal-read', 'selection'] as const;

export const SCENARIO_NAMES = [
  'rate',
  'latency',
  'slow-upstream',
  ...POOL_SCENARIOS,
  'durability',
  'nodes',
  'reject',
  'flood',
  'voice',
  'size',
] as const;

export type ScenarioName = (typeof SCENARIO_NAMES)[number];

export type BenchOptions = {
  scenarios: readonly ScenarioName[];
  isQuick: boolean;
  /** Complete paired rounds that a gate needs. */
  rounds: number;
  /** The share of the machine, 0..1, that others may use during a sample. */
  foreignShare: number;
  wantsProfile: boolean;
};

export const HELP = `npm run bench -- [options]

Starts a mock upstream, a bare proxy (F), the peer gateway (P) and Ephemera on Node (E) on free loopback ports,
measures them in turn, prints a table, writes bench/results/latest.json and ends what it started.

  --only NAME        one of ${SCENARIO_NAMES.join(', ')};
                     or pool for the ${POOL_SCENARIOS.length} of the key pool; may be repeated
  --quick            3 short rounds instead of 12: four minutes, good for a look, not for a claim
  --rounds N         complete paired rounds that a gate needs (default 12)
  --max-foreign N    percent of the machine that others may use during a sample (default 6)
  --profile          also records a CPU profile of Ephemera under load and prints where the time goes
  --help

Exit code: 0 all gates met, 1 a gate missed or the run failed, 2 too few quiet rounds to say.`;

const FULL_ROUNDS = 12;
const QUICK_ROUNDS = 3;
const PERCENT = 100;

function parseScenarios(text: string): readonly ScenarioName[] {
  if (text === 'pool') return POOL_SCENARIOS;
  const name = SCENARIO_NAMES.find((candidate) => candidate === text);
  if (name === undefined)
    throw new Error(`--only takes ${SCENARIO_NAMES.join(', ')} or pool; not "${text}".`);
  return [name];
}

function parseNumber(flag: string, text: string, bounds: { min: number; max: number }): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= bounds.min && value <= bounds.max) return value;
  throw new Error(`${flag} takes a number from ${bounds.min} to ${bounds.max}; not "${text}".`);
}

/** Reads the command line; `null` asks for the help text. Throws a plain sentence for anything it does not know. */
export function parseOptions(args: readonly string[]): BenchOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      'max-foreign': { type: 'string', default: '6' },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const rounds = values.rounds ?? String(values.quick ? QUICK_ROUNDS : FULL_ROUNDS);
  return {
    scenarios: values.only.length > 0 ? values.only.flatMap(parseScenarios) : SCENARIO_NAMES,
    isQuick: values.quick,
    rounds: Math.round(parseNumber('--rounds', rounds, { min: 1, max: 100 })),
    foreignShare: parseNumber('--max-foreign', values['max-foreign'], { min: 1, max: 100 }) / PERCENT,
    wantsProfile: values.profile,
  };
}
