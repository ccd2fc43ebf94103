import { once } from 'node:events';

import { pickProviderKey, readPickedProviderKey } from '@ephemera/db';
import { createNodeDatabase } from '@ephemera/db/node';

import { insertReport, NOON_MS } from './provider-keys.ts';

/** Waits for the word, then reports and picks many at once; prints whether each report counted, and each key picked. */
const [, , url = '', name = '', many = '0'] = process.argv;
const database = await createNodeDatabase({ url });
const numbers = Array.from({ length: Number(many) }, (_, index) => index);

async function report(index: number): Promise<string> {
  // Every tenth is of all processes together, the others are this one's own; each fifth is an error.
  const idempotencyKey = index % 10 === 0 ? `shared-${index}` : `${name}-${index}`;
  const error = index % 5 === 0 ? 'boom' : null;
  const statement = insertReport({ keyId: `k${index % 3}`, idempotencyKey, error });
  // Sent twice at once: as by a caller that lost patience.
  const sent = await Promise.all([database.write(statement), database.write(statement)]);
  return `report ${sent[0].rowsAffected + sent[1].rowsAffected}`;
}

async function pick(): Promise<string> {
  const { rows } = await database.write(pickProviderKey({ provider: 'gemini', nowMs: NOON_MS }));
  return `pick ${readPickedProviderKey(rows)?.id ?? 'nothing'}`;
}

// A test that is gone closes our input as well.
process.stdin.on('end', () => process.exit(1));
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const lines = await Promise.all(numbers.flatMap((index) => [report(index), pick()]));
await database.close();
process.stdout.write(lines.map((line) => `${line}\n`).join(''), () => process.exit(0));
