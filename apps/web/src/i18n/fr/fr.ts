import type { Dictionary } from '../dictionary.ts';
import { frErrors } from './errors.ts';
import { frPlayground } from './playground.ts';
import { frShell } from './shell.ts';

export const fr: Dictionary = { ...frShell, ...frErrors, ...frPlayground };
