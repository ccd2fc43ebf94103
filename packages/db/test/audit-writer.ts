import { once } from 'node:events';

import { createNodeDatabase } from '@ephemera/db/node';
import { createWebDatabase } from '@ephemera/db/web';

import { entry, entryIfChanged } from './audit-entries.ts';

/**
 * Waits for the word, then writes entries, some at once: alone, in pairs, and conditional ones that are not stored.
 * `node` or `web` is the way it writes, as on one host or the other. Prints how many it was told are stored.
 */
const [, , url = '', name = '', many = '0', host = 'node'] = process.argv;
const database = host === 'web' ? createWebDatabase({ url }) : await createNodeDatabase({ url });
const AT_ONCE = 10;
const NOTHING = { sql: 'update provider_keys set name = name where id = ?1', args: ['nobody'] };
let next = 0;
let stored = 0;

async function writeOwn(): Promise<void> {
  while (next < Number(many)) {
    next += 1;
    const id = `${name}-${next}`;
    const unit = next % 3 === 0 ? [entry(id), NOTHING, entryIfChanged(`${id} never`)] : [entry(id)];
    const results = await database.writeAll(unit);
    stored += results.reduce((sum, { rowsAffected }) => sum + rowsAffected, 0);
  }
}

// A test that is gone closes our input as well.
process.stdin.on('end', () => process.exit(1));
process.stdout.write('ready\n');
await once(process.stdin, 'data');
await Promise.all(Array.from({ length: AT_ONCE }, writeOwn));
await database.close();
process.stdout.write(`${stored}\n`, () => process.exit(0));
