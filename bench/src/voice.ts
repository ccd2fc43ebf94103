import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { type Bound, type GateResult, isWithin } from './gates.ts';
import { summarizeSpread } from './statistics.ts';

const SCRIPT = fileURLToPath(new URL('../../apps/web/e2e/first-audio.ts', import.meta.url));
const CALLS = 6;
const BOUND: Bound = { kind: 'atMost', value: 1_500 };

const run = promisify(execFile);

/** Whole calls in Chromium against the simulator, whose answers come without a delay of their own. */
export async function measureVoice(onProgress: (text: string) => void): Promise<GateResult[]> {
  onProgress(`${CALLS} calls in Chromium`);
  const { stdout } = await run(process.execPath, [SCRIPT, String(CALLS)]);
  const { firstAudioMs }: { firstAudioMs: number[] } = JSON.parse(stdout);
  const spread = summarizeSpread(firstAudioMs);
  const verdict = isWithin(BOUND, spread.median) ? 'met' : 'missed';
  return [
    { title: 'click to first remote audio, ms (speaking time taken out)', bound: BOUND, spread, verdict },
  ];
}
