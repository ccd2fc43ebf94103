import { en } from '../en/en.ts';
import type { Dictionary } from '../dictionary.ts';

export const ko: Dictionary = en;
