import type { Clock } from '../platform/platform.ts';
import type { Emitter } from '../session/emitter.ts';
import type { Levels, SessionEvents } from '../session/events.ts';
import { repeat } from '../session/repeat.ts';

/** The window of one reading is about as long, so nothing loud slips through. */
const SAMPLE_EVERY_MS = 50;
const SILENT_AFTER_MS = 2_000;
/** About -48 dBFS: above the comfort noise of a codec, below any word. */
const AUDIBLE = 0.004;

type LevelSamplerOptions = {
  clock: Clock;
  emitter: Emitter<SessionEvents>;
  read: () => Levels;
  isMuted: () => boolean;
  startedMs: number;
};

/** Emits `levels`, `microphone_silent` and, once, `first_audio`; the result stops it. */
export function startLevelSampler({
  clock,
  emitter,
  read,
  isMuted,
  startedMs,
}: LevelSamplerOptions): () => void {
  let hasHeard = false;
  let isSilent = false;
  let isAlive = false;
  let zerosSinceMs: number | null = null;

  const watchSilence = (level: number | null) => {
    // One that was heard is no dead one: noise suppression gives plain zeros between words.
    if (level !== null && level > 0) isAlive = true;
    const nowMs = clock.monotonicMs();
    if (level !== 0 || isMuted() || isAlive) zerosSinceMs = null;
    else zerosSinceMs ??= nowMs;
    const silent = zerosSinceMs !== null && nowMs - zerosSinceMs >= SILENT_AFTER_MS;
    if (silent !== isSilent) emitter.emit('microphone_silent', (isSilent = silent));
  };

  return repeat(clock, SAMPLE_EVERY_MS, () => {
    const levels = read();
    emitter.emit('levels', levels);
    watchSilence(levels.microphone);
    if (hasHeard || (levels.remote ?? 0) < AUDIBLE) return;
    hasHeard = true;
    emitter.emit('first_audio', { ms: Math.round(clock.monotonicMs() - startedMs) });
  });
}
