#!/usr/bin/env node
import { openTerminal } from '../terminal.ts';
import { runAccessKeys } from './run-access-keys.ts';

process.exitCode = await runAccessKeys(process.argv.slice(2), openTerminal(process));
