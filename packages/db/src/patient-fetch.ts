import { pause, TRIES } from './patience.ts';

/** No statement of a request takes as long; without an end, a server that stands still would hold every request. */
const TIMEOUT_MS = 15_000;

/** A server that has no connection to spare says 429 before it has run anything: the same request may be sent again. */
export function createPatientFetch(timeoutMs = TIMEOUT_MS): (request: Request) => Promise<Response> {
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(request.clone(), { signal: AbortSignal.timeout(timeoutMs) });
      if (response.status !== 429 || attempt === TRIES) return response;
      await response.body?.cancel();
      await pause(attempt);
    }
  };
}
