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
  const read = async <Body>(path: string): Promise<Body> => (await (await send('GET', path)).json()) as Body;
  const discard = async (sent: Promise<Response>): Promise<void> => {
    await (await sent).arrayBuffer();
  };
  return {
    setFault: async (fault) => (await (await send('POST', 'faults', fault)).json()) as { id: string },
    clearFaults: () => discard(send('DELETE', 'faults')),
    setScript: (script) => discard(send('PUT', 'script', script)),
    clearScript: () => discard(send('DELETE', 'script')),
    requests: async () => (await read<{ requests: LoggedRequest[] }>('requests')).requests,
    calls: async () => (await read<{ calls: CallSummary[] }>('calls')).calls,
    reset: () => discard(send('POST', 'reset')),
  };
}
