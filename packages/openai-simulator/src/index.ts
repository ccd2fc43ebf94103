export type { CallSummary } from './calls/call.ts';
export type { SimulatorAdmin } from './client/admin-client.ts';
export { startSimulator, type Simulator, type SimulatorOptions } from './client/start-simulator.ts';
export type { ScriptInput as Script } from './core/script.ts';
export type { FaultInput as Fault } from './faults/fault.ts';
export type { LoggedRequest } from './http/request-log.ts';
