/** Remembers which envelope came with which message; one that comes with a second message is a copy. */
export interface ReplayGuard {
  /**
   * True: `envelope` is new, or was with this message before (a message comes again until it is marked read). Keep it until
   * `expiresAtMs`; after that the envelope is refused for its age.
   */
  claim(envelope: string, messageId: string, expiresAtMs: number): boolean | Promise<boolean>;
}

const MOST = 100_000;

/** Of this process. Whoever restarts and must not accept a copy of an unexpired message brings a lasting one. */
export function createReplayGuard(now: () => number): ReplayGuard {
  const claims = new Map<string, { messageId: string; expiresAtMs: number }>();
  const makeRoom = (): void => {
    if (claims.size < MOST) return;
    const nowMs = now();
    for (const [envelope, { expiresAtMs }] of claims) if (expiresAtMs <= nowMs) claims.delete(envelope);
    const [oldest] = claims.keys();
    if (claims.size >= MOST && oldest !== undefined) claims.delete(oldest);
  };
  return {
    claim(envelope, messageId, expiresAtMs) {
      const known = claims.get(envelope);
      if (known !== undefined) return known.messageId === messageId;
      makeRoom();
      claims.set(envelope, { messageId, expiresAtMs });
      return true;
    },
  };
}
