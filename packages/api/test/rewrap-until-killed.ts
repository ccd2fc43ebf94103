import { createNodeDatabase } from '@ephemera/db/node';

import { createIdSource } from '../src/ids.ts';
import { rewrapProviderKeys } from '../src/services/provider-keys/rewrap.ts';
import { createTestVault, kekEntry } from './stored-keys.ts';

// A test run that is itself cut off closes our input: no job may outlive it.
process.stdin.on('end', () => process.exit(1)).resume();
// Nobody reads any more: the test is gone.
process.stdout.on('error', () => process.exit(1));

/**
 * Rewraps row by row until it is killed, and prints how many are left only after that is committed. After `most` rows it
 * waits for its end: on a busy machine it would be done before whoever is to kill it has its turn.
 */
const [, , url = '', most = ''] = process.argv;
const database = await createNodeDatabase({ url });
const ctx = {
  database,
  vault: createTestVault(kekEntry(1, 1), kekEntry(2, 2)),
  clock: { now: () => Date.now() },
  ids: createIdSource(() => Date.now()),
  actor: { kind: 'system' },
  requestId: 'req_rewrap',
  ipPrefix: null,
} as const;

for (let row = 0; row < Number(most); row += 1) {
  const { remaining } = await rewrapProviderKeys(ctx, { limit: 1 });
  process.stdout.write(`${remaining}\n`);
}
