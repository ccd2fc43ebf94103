import * as z from 'zod';

import type { CallSummary } from '../calls/call.ts';
import type { ScriptInput } from '../core/script.ts';
import type { FaultInput } from '../faults/fault.ts';
import type { LoggedRequest } from '../http/request-log.ts';

/** The simulator's controls. Each call throws when the simulator refuses or cannot be reached. */
export type SimulatorAdmin = {
  setFault(fault: FaultInput): Promise<{ id: string }>;
  clearFaults(): Promise<void>;
  /** Takes effect for calls that start from now on. */
  setScript(script: ScriptInput): Promise<void>;
  clearScript(): Promise<void>;
  /** What came in since the start or the last reset, oldest first. */
  requests(): Promise<LoggedRequest[]>;
  calls(): Promise<CallSummary[]>;
  /** Hangs up all calls and forgets faults, secrets, requests and the script set here. */
  reset(): Promise<void>;
};

const faultIdSchema = z.object({ id: z.string() });
const requestsSchema = z.object({ requests: z.array(z.custom<LoggedRequest>()) });
const callsSchema = z.object({ calls: z.array(z.custom<CallSummary>()) });

async function discard(sent: Promise<Response>): Promise<void> {
  await (await sent).arrayBuffer();
}

export function createAdminClient(url: string): SimulatorAdmin {
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${url}/_simulator/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (response.ok) return response;
    throw new Error(`${method} /_simulator/${path}: ${response.status} ${await response.text()}`);
  }
  return {
    setFault: async (fault) => faultIdSchema.parse(await (await send('POST', 'faults', fault)).json()),
    clearFaults: () => discard(send('DELETE', 'faults')),
    setScript: (script) => discard(send('PUT', 'script', script)),
    clearScript: () => discard(send('DELETE', 'script')),
    requests: async () => requestsSchema.parse(await (await send('GET', 'requests')).json()).requests,
    calls: async () => callsSchema.parse(await (await send('GET', 'calls')).json()).calls,
    reset: () => discard(send('POST', 'reset')),
  };
}
