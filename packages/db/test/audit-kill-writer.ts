import { createNodeDatabase } from '@ephemera/db/node';

import { entry } from './audit-entries.ts';
import { insertKey } from './provider-keys.ts';

// A test run that is itself cut off closes our input: no writer may outlive it.
process.stdin.on('end', () => process.exit(1)).resume();

/** Writes rows, each with its entry, until it is killed; prints each only after it was acknowledged. */
const [, , url = '', run = ''] = process.argv;
const database = await createNodeDatabase({ url });
let next = 0;
// Nobody reads any more: the test is gone.
process.stdout.on('error', () => process.exit(1));

async function writeForEver(): Promise<never> {
  for (;;) {
    next += 1;
    const id = `${run}-${next}`;
    await database.writeAll([insertKey(id), entry(`aud-${id}`, { target: id })]);
    process.stdout.write(`${id}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, writeForEver));
