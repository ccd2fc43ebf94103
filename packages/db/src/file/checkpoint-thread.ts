// The thread that copies the log into the file. Started by create-checkpoints.ts.
import { parentPort, workerData } from 'node:worker_threads';

import type { FileThreadData } from './thread-messages.ts';
import { openFileConnection } from './connection.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because only create-checkpoints.ts starts this
const { path, options } = workerData as FileThreadData;
const connection = openFileConnection(path, options);

parentPort?.on('message', () => {
  // Passive: it waits for nobody, and nobody waits for it.
  connection.read('pragma wal_checkpoint(passive)', []);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- because a thread has no origin
  parentPort?.postMessage('done');
});
