import { REALTIME_VOICES } from '@ephemera/realtime-protocol';

export type ModelKind = 'realtime' | 'transcription';

/** US dollars per million tokens. `null` where the source names no price. */
export type TokenPrices = {
  unit: 'usd_per_million_tokens';
  text: { input: number; cachedInput: number | null; output: number };
  audio: { input: number; cachedInput: number | null; output: number | null };
  image: { input: number; cachedInput: number } | null;
};

type MinutePrice = { unit: 'usd_per_minute'; audio: number };

export type ModelPrices = TokenPrices | MinutePrice;

/** Prices from the beginning of a day (UTC) until the next entry. A change is a new entry; the old one stays. */
export type DatedPrices = { from: string; prices: ModelPrices };

export type ModelEntry = {
  id: string;
  kind: ModelKind;
  voices: readonly string[];
  contextTokens: number | null;
  maxOutputTokens: number | null;
  /** The oldest first; empty where no source names a price. */
  prices: readonly DatedPrices[];
  /** Last day on which the provider serves it. */
  shutdownAt: string | null;
  replacement: string | null;
  sources: readonly string[];
};

/** The day on which the sources below were read. */
export const REGISTRY_AS_OF = '2026-11-21';

const DOCS = 'https://developers.openai.com/api/docs';
const SDK = 'https://www.npmjs.com/package/openai/v/7.57.0';
const GENAI_PRICES = 'https://www.npmjs.com/package/@pydantic/genai-prices/v/0.1.8';

const FLAGSHIP_PRICES: TokenPrices = {
  unit: 'usd_per_million_tokens',
  text: { input: 4, cachedInput: 0.4, output: 24 },
  audio: { input: 32, cachedInput: 0.4, output: 64 },
  image: { input: 5, cachedInput: 0.5 },
};

const FIRST_GENERATION_PRICES: TokenPrices = {
  ...FLAGSHIP_PRICES,
  text: { input: 4, cachedInput: 0.4, output: 16 },
};

const MINI_PRICES: TokenPrices = {
  unit: 'usd_per_million_tokens',
  text: { input: 0.6, cachedInput: 0.06, output: 2.4 },
  audio: { input: 10, cachedInput: 0.3, output: 20 },
  image: { input: 0.8, cachedInput: 0.08 },
};

/** What the sources said when they were first read. */
function priced(prices: ModelPrices): readonly DatedPrices[] {
  return [{ from: REGISTRY_AS_OF, prices }];
}

function transcriptionPrices(textInput: number, textOutput: number, audioInput: number): TokenPrices {
  return {
    unit: 'usd_per_million_tokens',
    text: { input: textInput, cachedInput: null, output: textOutput },
    audio: { input: audioInput, cachedInput: null, output: null },
    image: null,
  };
}

function speech(entry: Partial<ModelEntry> & Pick<ModelEntry, 'id' | 'prices'>): ModelEntry {
  return {
    kind: 'realtime',
    voices: REALTIME_VOICES,
    contextTokens: 128_000,
    maxOutputTokens: 32_000,
    shutdownAt: null,
    replacement: null,
    sources: [`${DOCS}/models/${entry.id}`],
    ...entry,
  };
}

function transcription(entry: Partial<ModelEntry> & Pick<ModelEntry, 'id' | 'prices'>): ModelEntry {
  return {
    kind: 'transcription',
    voices: [],
    contextTokens: null,
    maxOutputTokens: null,
    shutdownAt: null,
    replacement: null,
    sources: [`${DOCS}/models/${entry.id}`],
    ...entry,
  };
}

const PREVIEW_END = 'https://www.npmjs.com/package/@tanstack/ai-openai/v/0.23.1';

const FIRST_GENERATION = { contextTokens: 32_000, maxOutputTokens: 4_096, sources: [SDK, GENAI_PRICES] };
const ENDS_IN_JANUARY = { shutdownAt: '2027-01-20', ...FIRST_GENERATION };
const ENDS_IN_FEBRUARY = {
  shutdownAt: '2027-02-26',
  replacement: 'gpt-live-transcribe',
  sources: [SDK, GENAI_PRICES],
};
const MINI_REPLACEMENT = 'gpt-realtime-2.1-mini';

/** Already gone; kept so that the refusal can name what took their place. */
const RETIRED = { prices: [], shutdownAt: '2026-05-07', sources: [PREVIEW_END] };

export const MODELS: readonly ModelEntry[] = [
  speech({ id: 'gpt-realtime-2.1', prices: priced(FLAGSHIP_PRICES) }),
  speech({ id: MINI_REPLACEMENT, prices: priced(MINI_PRICES) }),
  speech({ id: 'gpt-realtime-2', prices: priced(FLAGSHIP_PRICES) }),
  speech({
    id: 'gpt-realtime-1.5',
    prices: priced(FIRST_GENERATION_PRICES),
    contextTokens: 32_000,
    maxOutputTokens: 4_096,
  }),
  speech({
    id: 'gpt-realtime',
    prices: priced(FIRST_GENERATION_PRICES),
    replacement: 'gpt-realtime-2.1',
    ...ENDS_IN_JANUARY,
  }),
  speech({
    id: 'gpt-realtime-2025-08-28',
    prices: priced(FIRST_GENERATION_PRICES),
    replacement: 'gpt-realtime-2.1',
    ...ENDS_IN_JANUARY,
  }),
  speech({
    id: 'gpt-realtime-mini',
    prices: priced(MINI_PRICES),
    replacement: MINI_REPLACEMENT,
    ...ENDS_IN_JANUARY,
  }),
  speech({
    id: 'gpt-realtime-mini-2025-12-15',
    prices: priced(MINI_PRICES),
    replacement: MINI_REPLACEMENT,
    ...ENDS_IN_JANUARY,
  }),
  speech({ id: 'gpt-4o-realtime-preview', replacement: 'gpt-realtime-2.1', ...RETIRED }),
  speech({ id: 'gpt-4o-mini-realtime-preview', replacement: MINI_REPLACEMENT, ...RETIRED }),
  transcription({ id: 'gpt-live-transcribe', prices: priced({ unit: 'usd_per_minute', audio: 0.017 }) }),
  transcription({ id: 'gpt-realtime-whisper', prices: priced({ unit: 'usd_per_minute', audio: 0.017 }) }),
  transcription({
    id: 'gpt-transcribe',
    prices: priced({ unit: 'usd_per_minute', audio: 0.0045 }),
    sources: [SDK, GENAI_PRICES],
  }),
  transcription({
    id: 'gpt-4o-transcribe',
    prices: priced(transcriptionPrices(2.5, 10, 6)),
    ...ENDS_IN_FEBRUARY,
  }),
  transcription({
    id: 'gpt-4o-mini-transcribe',
    prices: priced(transcriptionPrices(1.25, 5, 3)),
    ...ENDS_IN_FEBRUARY,
  }),
  transcription({ id: 'whisper-1', prices: [], ...ENDS_IN_FEBRUARY, sources: [SDK] }),
];

export const DEFAULT_MODEL: Readonly<Record<ModelKind, string>> = {
  realtime: 'gpt-realtime-2.1',
  transcription: 'gpt-live-transcribe',
};

const BY_ID: ReadonlyMap<string, ModelEntry> = new Map(MODELS.map((model) => [model.id, model]));

export function findModel(id: string): ModelEntry | null {
  return BY_ID.get(id) ?? null;
}

/** Whether the provider has stopped serving it at this moment; it serves the day named in `shutdownAt` to its end. */
export function isShutDown(model: ModelEntry, nowMs: number): boolean {
  return model.shutdownAt !== null && nowMs >= Date.parse(`${model.shutdownAt}T00:00:00Z`) + 86_400_000;
}
