import type { enNodes } from '../../i18n/en/nodes.ts';
import { createSection } from '../../i18n/section.tsx';

export type NodeMessage = keyof typeof enNodes;
export type NodeDictionary = Readonly<Record<NodeMessage, string>>;

const section = createSection<typeof enNodes>({
  en: async () => (await import('../../i18n/en/nodes.ts')).enNodes,
  fr: async () => (await import('../../i18n/fr/nodes.ts')).frNodes,
  ko: async () => (await import('../../i18n/ko/nodes.ts')).koNodes,
});

export const NodeTextProvider = section.Provider;
export const useNodeText = section.useText;
