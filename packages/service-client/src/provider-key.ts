/** One healthy key of a provider, as the server handed it out. */
export type ProviderKey = {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  /**
   * The secret itself. Not enumerable, so that a logged, spread or serialised `ProviderKey` does not carry it: read it by
   * name (`key.key`).
   */
  readonly key: string;
  readonly usageCount: number;
  readonly errorCount: number;
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Null for anything that is not the contract's. */
function readKey(value: unknown): ProviderKey | null {
  if (!isRecord(value)) return null;
  const { id, provider, name, key, usageCount, errorCount } = value;
  if (typeof id !== 'string' || typeof provider !== 'string' || typeof key !== 'string' || key === '')
    return null;
  const shown = {
    id,
    provider,
    name: typeof name === 'string' ? name : id,
    usageCount: typeof usageCount === 'number' ? usageCount : 0,
    errorCount: typeof errorCount === 'number' ? errorCount : 0,
  };
  return Object.defineProperty({ ...shown, key }, 'key', { value: key, enumerable: false });
}

/** The keys of `provider` in the server's order, or null when the answer is not a list of keys. */
export function readKeys(answer: unknown, provider: string): readonly ProviderKey[] | null {
  if (!Array.isArray(answer)) return null;
  const keys: ProviderKey[] = [];
  for (const item of answer) {
    const key = readKey(item);
    if (key === null) return null;
    if (key.provider === provider) keys.push(key);
  }
  return keys;
}
