import type { Dictionary } from '../dictionary.ts';
import { koErrors } from './errors.ts';
import { koPlayground } from './playground.ts';
import { koShell } from './shell.ts';

export const ko: Dictionary = { ...koShell, ...koErrors, ...koPlayground };
