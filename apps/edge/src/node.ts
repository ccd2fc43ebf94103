import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

import { registerKnownFormats } from './node/known-formats.ts';

const COMPILE_CACHE = fileURLToPath(new URL('../../../node_modules/.cache/compile', import.meta.url));
const WEB_FOLDER = fileURLToPath(new URL('../../web/dist', import.meta.url));

// Compiled code of the last start, for this process and for the simulator it starts: a quarter of a start's time.
enableCompileCache(COMPILE_CACHE);
process.env['NODE_COMPILE_CACHE'] ??= COMPILE_CACHE;
registerKnownFormats();

const { runNodeHost } = await import('./node/run-node-host.ts');
process.exitCode = await runNodeHost(process, WEB_FOLDER);
