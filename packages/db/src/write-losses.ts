export type Losses = {
  /** Takes note of why a write was not stored. */
  note: (error: unknown) => void;
  /** Another one was stored. */
  clear: () => void;
  /** Milliseconds since the last write was lost; infinite where another one was stored since. */
  agoMs: () => number;
};

/** What a constraint forbids is no loss: the database did what it is there for. */
function isLoss(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code !== 'string' || !code.startsWith('SQLITE_CONSTRAINT');
}

export function createLosses(now: () => number): Losses {
  let lastAtMs = Number.NEGATIVE_INFINITY;
  return {
    note: (error) => {
      if (isLoss(error)) lastAtMs = now();
    },
    clear: () => {
      lastAtMs = Number.NEGATIVE_INFINITY;
    },
    agoMs: () => now() - lastAtMs,
  };
}
