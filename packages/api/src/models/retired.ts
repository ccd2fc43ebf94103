import { DEFAULT_MODEL, findModel } from './registry.ts';

/** Names that clients of the preview still send, with or without a date behind them. */
const MINI_PREVIEW = /^gpt-4o-mini-realtime-preview(-[\d-]{1,16})?$/;
const PREVIEW = /^gpt-4o-realtime-preview(-[\d-]{1,16})?$/;

export type RetiredModel = { id: string; replacement: string };

/** What a retired model's name means today; null for a name that is not one of those. */
export function findRetiredModel(name: string): RetiredModel | null {
  if (PREVIEW.test(name)) return { id: 'gpt-4o-realtime-preview', replacement: DEFAULT_MODEL.realtime };
  if (!MINI_PREVIEW.test(name)) return null;
  const id = 'gpt-4o-mini-realtime-preview';
  return { id, replacement: findModel(id)?.replacement ?? DEFAULT_MODEL.realtime };
}
