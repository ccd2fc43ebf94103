import { runNodeHost } from './node/run-node-host.ts';

process.exitCode = await runNodeHost(process.env, process);
