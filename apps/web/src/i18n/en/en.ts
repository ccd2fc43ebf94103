import { enErrors } from './errors.ts';
import { enPlayground } from './playground.ts';
import { enShell } from './shell.ts';

export const en = { ...enShell, ...enErrors, ...enPlayground };
