import type { Clock } from './core/clock.ts';
import type { CreateId } from './core/ids.ts';
import type { Script } from './core/script.ts';
import type { Voice } from './core/voice.ts';
import type { PeerOptions } from './engine/peer.ts';
import { CallRegistry } from './calls/call-registry.ts';
import { FaultStore } from './faults/fault-store.ts';
import { RequestLog } from './http/request-log.ts';
import { SecretStore } from './http/secret-store.ts';

export type SimulationOptions = {
  apiKeys: readonly string[];
  answerDelayMs: number;
  script: Script | null;
  clock: Clock;
  nowSeconds: () => number;
  createId: CreateId;
  voice: Voice;
  peer: PeerOptions;
};

/** Everything that lives as long as the server: what the routes and sockets share. */
export type Simulation = {
  readonly options: SimulationOptions;
  readonly apiKeys: ReadonlySet<string>;
  readonly secrets: SecretStore;
  readonly faults: FaultStore;
  readonly log: RequestLog;
  readonly calls: CallRegistry;
  script: Script | null;
  transcriptionsTaken: number;
};

export function createSimulation(options: SimulationOptions): Simulation {
  return {
    options,
    apiKeys: new Set(options.apiKeys),
    secrets: new SecretStore(options.createId, options.nowSeconds),
    faults: new FaultStore(options.createId),
    log: new RequestLog(),
    calls: new CallRegistry(),
    script: options.script,
    transcriptionsTaken: 0,
  };
}

/** Forgets what requests have left behind. Running calls are hung up. */
export function resetSimulation(simulation: Simulation): void {
  simulation.calls.hangUpAll();
  simulation.calls.clear();
  simulation.faults.clear();
  simulation.log.clear();
  simulation.secrets.clear();
  simulation.script = simulation.options.script;
  simulation.transcriptionsTaken = 0;
}
