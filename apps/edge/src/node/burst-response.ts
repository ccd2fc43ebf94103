import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import { createBurst } from './burst.ts';

/** So long after somebody else was answered a connection is alone, however many others are open and idle. */
const ALONE_AFTER_MS = 100;

/** Answers that end in one turn of the event loop go out together; a connection that is alone waits for nobody. */
export function createBurstResponse(now: () => number = () => performance.now()): typeof ServerResponse {
  const add = createBurst();
  let last: Socket | null = null;
  let changedAtMs = Number.NEGATIVE_INFINITY;

  function isAlone(socket: Socket): boolean {
    if (socket === last) return now() - changedAtMs > ALONE_AFTER_MS;
    last = socket;
    changedAtMs = now();
    return false;
  }

  return class BurstResponse<
    Request extends IncomingMessage = IncomingMessage,
  > extends ServerResponse<Request> {
    override end(...args: unknown[]): this {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because `Parameters` knows the last of three forms alone
      const given = args as Parameters<ServerResponse['end']>;
      if (isAlone(this.req.socket)) return super.end(...given);
      add(() => super.end(...given));
      return this;
    }
  };
}
