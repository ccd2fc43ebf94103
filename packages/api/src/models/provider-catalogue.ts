/** A provider whose keys the pool can hold. Data: a new one needs a row here and nothing else. */
export type ProviderEntry = {
  id: string;
  name: string;
  /** Under which `keys env` writes a key of it. */
  environmentVariable: string;
  /** What its keys look like. Loose on purpose: providers change their formats. */
  keyPattern: RegExp;
  /** The same for a person. */
  keyHint: string;
  /** Whether this service can ask the provider if a key works. */
  canTest: boolean;
};

const PRINTABLE = /^[\x21-\x7e]{16,512}$/;

export const PROVIDERS: readonly ProviderEntry[] = [
  {
    id: 'openai',
    name: 'OpenAI',
    environmentVariable: 'OPENAI_API_KEY',
    keyPattern: /^sk-[\w-]{8,512}$/,
    keyHint: 'sk-…',
    canTest: true,
  },
  {
    id: 'gemini',
    name: 'Google Gemini',
    environmentVariable: 'GEMINI_API_KEY',
    keyPattern: /^(?:AIza|AQ\.)[\w.-]{16,512}$/,
    keyHint: 'AIza…',
    canTest: false,
  },
  {
    id: 'anthropic',
    name: 'Anthropic',
    environmentVariable: 'ANTHROPIC_API_KEY',
    keyPattern: /^sk-ant-[\w-]{8,512}$/,
    keyHint: 'sk-ant-…',
    canTest: false,
  },
  {
    id: 'deepgram',
    name: 'Deepgram',
    environmentVariable: 'DEEPGRAM_API_KEY',
    keyPattern: PRINTABLE,
    keyHint: '40 hex digits',
    canTest: false,
  },
  {
    id: 'elevenlabs',
    name: 'ElevenLabs',
    environmentVariable: 'ELEVENLABS_API_KEY',
    keyPattern: PRINTABLE,
    keyHint: 'sk_…',
    canTest: false,
  },
];

const BY_ID: ReadonlyMap<string, ProviderEntry> = new Map(
  PROVIDERS.map((provider) => [provider.id, provider]),
);

export function findProvider(id: string): ProviderEntry | null {
  return BY_ID.get(id) ?? null;
}
