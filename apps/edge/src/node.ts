import { fileURLToPath } from 'node:url';

import { runNodeHost } from './node/run-node-host.ts';

process.exitCode = await runNodeHost(process, fileURLToPath(new URL('../../web/dist', import.meta.url)));
