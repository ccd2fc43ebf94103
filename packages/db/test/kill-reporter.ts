import { createNodeDatabase } from '@ephemera/db/node';

import { insertReport, NOON_MS } from './provider-keys.ts';

// A test run that is itself cut off closes our input: no writer may outlive it.
process.stdin.on('end', () => process.exit(1)).resume();
// Nobody reads any more: the test is gone.
process.stdout.on('error', () => process.exit(1));

/** Reports uses of three keys until it is killed, and prints each report only after it was acknowledged. */
const [, , url = '', run = ''] = process.argv;
const database = await createNodeDatabase({ url });
let next = 0;

async function reportForEver(): Promise<never> {
  for (;;) {
    next += 1;
    const [keyId, idempotencyKey] = [`k${next % 3}`, `${run}-${next}`];
    const error = next % 5 === 0 ? 'boom' : null;
    await database.write(insertReport({ keyId, idempotencyKey, error, atMs: NOON_MS + next * 1_000 }));
    process.stdout.write(`${keyId} ${idempotencyKey}\n`);
  }
}

await Promise.all(Array.from({ length: 32 }, reportForEver));
