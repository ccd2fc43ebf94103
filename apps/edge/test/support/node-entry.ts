import { fileURLToPath } from 'node:url';

import { registerKnownFormats } from '../../src/node/known-formats.ts';

registerKnownFormats();
const { runNodeHost } = await import('../../src/node/run-node-host.ts');

/** The Node host as `src/node.ts` runs it, over a web app that the tests know. */
process.exitCode = await runNodeHost(process, fileURLToPath(new URL('../fixtures/web', import.meta.url)));
