import { DatabaseOutageError } from './outage.ts';
import { pause, TRIES } from './patience.ts';

/** No statement of a request takes as long; without an end, a server that stands still would hold every request. */
const TIMEOUT_MS = 15_000;

const TOO_MANY = 429;
const SERVER_ERROR = 500;

/** The whole answer: a server may stand still in the middle of it. Throws DatabaseOutageError. */
async function ask(request: Request, timeoutMs: number): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(timeoutMs) });
    const { status, headers } = response;
    return new Response(await response.arrayBuffer(), { status, headers });
  } catch (cause) {
    throw new DatabaseOutageError('The database server did not answer.', { cause });
  }
}

/**
 * A server that has no connection to spare says 429 before it has run anything: the same request may be sent again.
 * Throws DatabaseOutageError where it stays so, and where the server, or what stands before it, cannot serve.
 */
export function createPatientFetch(timeoutMs = TIMEOUT_MS): (request: Request) => Promise<Response> {
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      const response = await ask(request.clone(), timeoutMs);
      const { status } = response;
      if (status < SERVER_ERROR && status !== TOO_MANY) return response;
      if (status !== TOO_MANY || attempt === TRIES)
        throw new DatabaseOutageError(`The database server answered ${status}.`);
      await pause(attempt);
    }
  };
}
