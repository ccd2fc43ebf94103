import type { Simulator } from '@ephemera/openai-simulator';

import type { Config } from '../config.ts';
import { DEMO_KEY_SECRETS, SIMULATOR_API_KEY } from '../demo-defaults.ts';
import { StartError } from './start-error.ts';

/** The well-known one first: it is what a start without a demo uses. */
export const SIMULATOR_KEYS: readonly string[] = [SIMULATOR_API_KEY, ...Object.values(DEMO_KEY_SECRETS)];

/** The local stand-in for the provider, in a process of its own; null where a real upstream is configured. */
export async function startSimulatorFor(config: Config): Promise<Simulator | null> {
  if (config.upstream.kind !== 'simulator') return null;
  try {
    const { startSimulator } = await import('@ephemera/openai-simulator');
    return await startSimulator({ apiKeys: SIMULATOR_KEYS });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`The simulator did not start: ${reason}`, { cause });
  }
}
