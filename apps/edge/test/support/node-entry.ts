import { fileURLToPath } from 'node:url';

import { runNodeHost } from '../../src/node/run-node-host.ts';

/** The Node host as `src/node.ts` runs it, over a web app that the tests know. */
process.exitCode = await runNodeHost(process, fileURLToPath(new URL('../fixtures/web', import.meta.url)));
