export type UsageSummary = {
  total: number | null;
  input: UsageSide;
  output: UsageSide;
};

export type UsageSide = {
  total: number | null;
  audio: number | null;
  text: number | null;
  cached: number | null;
};

function readField(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function readCount(value: unknown, key: string): number | null {
  const count = readField(value, key);
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? count : null;
}

function readSide(usage: object, side: 'input' | 'output'): UsageSide {
  const details = readField(usage, `${side}_token_details`);
  return {
    total: readCount(usage, `${side}_tokens`),
    audio: readCount(details, 'audio_tokens'),
    text: readCount(details, 'text_tokens'),
    cached: readCount(details, 'cached_tokens'),
  };
}

/** Reads what a client reported; a number that is absent stays unknown, which is not zero. */
export function parseUsage(usage: object | null): UsageSummary | null {
  if (usage === null) return null;
  const summary = {
    total: readCount(usage, 'total_tokens'),
    input: readSide(usage, 'input'),
    output: readSide(usage, 'output'),
  };
  const isKnown = [summary.total, ...Object.values(summary.input), ...Object.values(summary.output)].some(
    (count) => count !== null,
  );
  return isKnown ? summary : null;
}
