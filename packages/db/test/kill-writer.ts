import { createNodeDatabase } from '@ephemera/db/node';

// A test run that is itself cut off closes our input: no writer may outlive it.
process.stdin.on('end', () => process.exit(1)).resume();

/** Writes until it is killed and prints each id only after its write was acknowledged. */
const [, , url = '', run = ''] = process.argv;
const database = await createNodeDatabase({ url });
const INSERT =
  "insert into verifications (id, identifier, value, expires_at, created_at, updated_at) values (?1, ?2, 'v', 0, 0, 0)";
let next = 0;
// Nobody reads any more: the test is gone.
process.stdout.on('error', () => process.exit(1));

async function writeForEver(): Promise<never> {
  for (;;) {
    next += 1;
    const id = `${run}-${next}`;
    await database.write({ sql: INSERT, args: [id, run] });
    process.stdout.write(`${id}\n`);
  }
}

await Promise.all(Array.from({ length: 32 }, writeForEver));
