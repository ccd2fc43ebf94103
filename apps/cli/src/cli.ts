#!/usr/bin/env node
import { runCli } from './run.ts';
import { openTerminal } from './terminal.ts';

process.exitCode = await runCli(process.argv.slice(2), openTerminal(process));
