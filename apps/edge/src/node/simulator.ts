import type { Simulator } from '@ephemera/openai-simulator';

import type { Config } from '../config.ts';
import { StartError } from './start-error.ts';

/** The local stand-in for the provider, in a process of its own; null where a real upstream is configured. */
export async function startSimulatorFor(config: Config): Promise<Simulator | null> {
  if (config.upstream.kind !== 'simulator') return null;
  try {
    const { startSimulator } = await import('@ephemera/openai-simulator');
    return await startSimulator({});
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`The simulator did not start: ${reason}`, { cause });
  }
}
