import { createKeyClient, type KeyClientOptions } from '../../src/key-client.ts';
import type { DroppedReports } from '../../src/report-queue.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeKeyServer, type WireKey } from './fake-key-server.ts';

export const SECRET = 'internal-secret-of-the-tests-0123456789';

/** A client over a fake server, a fake clock and no chance. */
export function setUp(options: Partial<KeyClientOptions> = {}, keys?: readonly WireKey[]) {
  const clock = createFakeClock();
  const server = createFakeKeyServer(keys);
  const dropped: DroppedReports[] = [];
  let ids = 0;
  const client = createKeyClient({
    baseUrl: 'https://broker.example/',
    secret: SECRET,
    fetch: server.fetch,
    clock,
    random: () => 1,
    randomId: () => `report-${(ids += 1)}`,
    onDropped: (reports) => dropped.push(reports),
    ...options,
  });
  return { clock, server, client, dropped };
}

/** What a promise rejects with; a promise that resolves fails the test. */
export async function catchError(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    (value) => {
      throw new Error(`resolved with ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
