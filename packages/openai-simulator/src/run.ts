import { getRandomValues } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createSystemClock } from './core/clock.ts';
import { createIdSource } from './core/ids.ts';
import type { Script } from './core/script.ts';
import { Pacer } from './engine/pacer.ts';
import { startServer } from './http/server.ts';
import { createSimulation, resetSimulation } from './simulation.ts';
import { FliteVoice } from './voice/flite-voice.ts';

export type RunningSimulator = { url: string; tlsUrl: string; caFile: string; close(): Promise<void> };

export type RunOptions = {
  host: string;
  port: number;
  tlsPort: number;
  udpPort: number;
  apiKeys: readonly string[];
  answerDelayMs: number;
  script: Script | null;
  log: (message: string) => void;
};

/** Builds everything and listens. Meant for a process of its own, which ends by `process.exit`. */
export async function runSimulator(options: RunOptions): Promise<RunningSimulator> {
  const folder = await mkdtemp(join(tmpdir(), 'openai-simulator-'));
  const voice = new FliteVoice(folder);
  const simulation = createSimulation({
    apiKeys: options.apiKeys,
    answerDelayMs: options.answerDelayMs,
    script: options.script,
    clock: createSystemClock(),
    nowSeconds: () => Date.now() / 1_000,
    createId: createIdSource(getRandomValues),
    voice,
    peer: { pacer: new Pacer(), udpPort: options.udpPort, onTrouble: options.log },
  });
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const server = await startServer(simulation, { ...options, folder }).catch(async (error: unknown) => {
    await removeFolder();
    throw error;
  });
  // Compiling the voice takes longer than any answer may wait for it.
  voice
    .speak('Ready.', { voice: 'alloy', speed: 1 })
    .catch((error: unknown) => options.log(`voice: ${String(error)}`));
  return {
    ...server,
    async close() {
      resetSimulation(simulation);
      server.close();
      await voice.close();
      await removeFolder();
    },
  };
}
