/** Provider keys that mean something to the mock upstream; it answers every other one with 200. */
export const BENCH_KEYS = {
  healthy: 'sk-bench-healthy',
  second: 'sk-bench-second',
  /** Always answered 429. */
  rateLimited: 'sk-bench-429',
  /** Of all requests with one of these, every other one is answered 429, the first one included. */
  inTurn: ['sk-bench-turn-1', 'sk-bench-turn-2'],
  /** Always answered 500. */
  failing: 'sk-bench-500',
} as const;
