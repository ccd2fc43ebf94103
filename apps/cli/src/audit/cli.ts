#!/usr/bin/env node
import { openTerminal } from '../terminal.ts';
import { runAudit } from './run-audit.ts';

process.exitCode = await runAudit(process.argv.slice(2), openTerminal(process));
