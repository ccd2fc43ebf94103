import { type IncomingMessage, ServerResponse } from 'node:http';

import { createBurst } from './burst.ts';

/** Answers that end in one turn of the event loop go out together; a lone connection waits for nobody. */
export function createBurstResponse(isAlone: () => boolean): typeof ServerResponse {
  const add = createBurst();
  return class BurstResponse<
    Request extends IncomingMessage = IncomingMessage,
  > extends ServerResponse<Request> {
    override end(...args: unknown[]): this {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because `Parameters` knows the last of three forms alone
      const given = args as Parameters<ServerResponse['end']>;
      if (isAlone()) return super.end(...given);
      add(() => super.end(...given));
      return this;
    }
  };
}
