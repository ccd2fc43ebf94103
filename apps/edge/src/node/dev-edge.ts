import { fileURLToPath } from 'node:url';

import { runDevEdge } from './run-dev-edge.ts';

process.exitCode = await runDevEdge(process, fileURLToPath(new URL('../..', import.meta.url)));
