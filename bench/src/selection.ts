import { type Bound, type GateResult, isWithin } from './gates.ts';
import { summarizeSpread } from './statistics.ts';
import { receiveMessage, type Supervisor } from './supervisor.ts';

/** What the process found for a pool of so many keys. */
export type SelectionMeasured = {
  keys: number;
  /** Mean of each batch. */
  usPerPick: number[];
  /** Calls of the database during all batches. */
  statements: number;
};

const TIME_BOUND: Bound = { kind: 'atMost', value: 50 };
const ROUND_TRIP_BOUND: Bound = { kind: 'atMost', value: 0 };

function createGate(title: string, bound: Bound, values: readonly number[]): GateResult {
  const spread = summarizeSpread(values);
  return { title, bound, spread, verdict: isWithin(bound, spread.median) ? 'met' : 'missed' };
}

/** One row for each size of the pool, and one for what none of them may have cost. */
export function judgeSelection(measured: readonly SelectionMeasured[]): GateResult[] {
  const times = measured.map(({ keys, usPerPick }) =>
    createGate(`selecting one of ${keys} keys, µs`, TIME_BOUND, usPerPick),
  );
  const statements = measured.reduce((sum, one) => sum + one.statements, 0);
  return [...times, createGate('database calls while keys are selected', ROUND_TRIP_BOUND, [statements])];
}

export async function measureSelection(
  supervisor: Supervisor,
  onProgress: (text: string) => void,
): Promise<GateResult[]> {
  onProgress('picking keys');
  const running = supervisor.startOwn(new URL('./processes/key-selection.ts', import.meta.url));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because both ends are of this folder
  const measured = (await receiveMessage(running.child)) as SelectionMeasured[];
  await supervisor.stopAll();
  return judgeSelection(measured);
}
