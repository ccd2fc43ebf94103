/** What came together in some time. Seconds are those of conversations; cached tokens are part of the input. */
export type UsageSums = {
  sessions: number;
  failed: number;
  seconds: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  knownMicroUsd: number;
  estimatedMicroUsd: number;
  /** Sessions whose cost nobody knows. */
  unknownCosts: number;
};

export const NO_SUMS: Readonly<UsageSums> = {
  sessions: 0,
  failed: 0,
  seconds: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  knownMicroUsd: 0,
  estimatedMicroUsd: 0,
  unknownCosts: 0,
};

export function addSums(a: UsageSums, b: UsageSums): UsageSums {
  return {
    sessions: a.sessions + b.sessions,
    failed: a.failed + b.failed,
    seconds: a.seconds + b.seconds,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    knownMicroUsd: a.knownMicroUsd + b.knownMicroUsd,
    estimatedMicroUsd: a.estimatedMicroUsd + b.estimatedMicroUsd,
    unknownCosts: a.unknownCosts + b.unknownCosts,
  };
}
