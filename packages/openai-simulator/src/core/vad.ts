import type { TurnDetection } from '@ephemera/realtime-protocol';

export const FRAME_MS = 20;
export const SAMPLE_RATE = 24_000;
export const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;

/** Two neighbouring words are one turn; a click or a breath is none. */
const MINIMUM_VOICED_MS = 60;
const FLOOR_MARGIN_DB = 10;
const QUIETEST_DB = -96;

export type VadSettings = { readonly levelDb: number; readonly silenceMs: number; readonly prefixMs: number };

type VadPhase =
  | { readonly kind: 'quiet'; readonly voicedMs: number }
  | {
      readonly kind: 'speech';
      readonly startMs: number;
      readonly firstVoicedMs: number;
      readonly lastVoicedMs: number;
    };

export type VadState = { readonly timeMs: number; readonly floorDb: number; readonly phase: VadPhase };

export type VadEvent =
  | { readonly kind: 'started'; readonly startMs: number }
  | { readonly kind: 'stopped'; readonly startMs: number; readonly endMs: number; readonly speechMs: number };

export type VadStep = {
  readonly state: VadState;
  readonly isVoiced: boolean;
  readonly event: VadEvent | null;
};

export const SILENT_VAD: VadState = { timeMs: 0, floorDb: -70, phase: { kind: 'quiet', voicedMs: 0 } };

const EAGERNESS_SILENCE_MS = { low: 1_000, medium: 600, auto: 600, high: 400 } as const;

/** Reads the session's turn detection; a manual session still measures, with the defaults. */
export function createVadSettings(detection: TurnDetection | null): VadSettings {
  if (detection?.type === 'semantic_vad') {
    return { levelDb: -42, silenceMs: EAGERNESS_SILENCE_MS[detection.eagerness ?? 'auto'], prefixMs: 300 };
  }
  return {
    levelDb: -52 + 20 * (detection?.threshold ?? 0.5),
    silenceMs: Math.max(FRAME_MS, detection?.silence_duration_ms ?? 500),
    prefixMs: detection?.prefix_padding_ms ?? 300,
  };
}

/** Root mean square of a frame in decibels of full scale. */
export function measureLevelDb(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, frame.length)) / 32_768;
  return rms === 0 ? QUIETEST_DB : Math.max(QUIETEST_DB, 20 * Math.log10(rms));
}

/** One 20 ms frame of the energy detector. Pure, so that a turn can be replayed without sound or time. */
export function advanceVad(state: VadState, levelDb: number, settings: VadSettings): VadStep {
  const timeMs = state.timeMs + FRAME_MS;
  const isVoiced = levelDb >= Math.max(settings.levelDb, state.floorDb + FLOOR_MARGIN_DB);
  const floorDb = followFloor(state.floorDb, levelDb, isVoiced);
  if (state.phase.kind === 'quiet') {
    const voicedMs = isVoiced ? state.phase.voicedMs + FRAME_MS : 0;
    if (voicedMs < MINIMUM_VOICED_MS) {
      return { state: { timeMs, floorDb, phase: { kind: 'quiet', voicedMs } }, isVoiced, event: null };
    }
    const firstVoicedMs = timeMs - voicedMs;
    const startMs = Math.max(0, firstVoicedMs - settings.prefixMs);
    const phase: VadPhase = { kind: 'speech', startMs, firstVoicedMs, lastVoicedMs: timeMs };
    return { state: { timeMs, floorDb, phase }, isVoiced, event: { kind: 'started', startMs } };
  }
  const lastVoicedMs = isVoiced ? timeMs : state.phase.lastVoicedMs;
  if (timeMs - lastVoicedMs < settings.silenceMs) {
    return { state: { timeMs, floorDb, phase: { ...state.phase, lastVoicedMs } }, isVoiced, event: null };
  }
  const { startMs, firstVoicedMs } = state.phase;
  return {
    state: { timeMs, floorDb, phase: { kind: 'quiet', voicedMs: 0 } },
    isVoiced,
    event: { kind: 'stopped', startMs, endMs: timeMs, speechMs: lastVoicedMs - firstVoicedMs },
  };
}

/** Drops at once, rises slowly, and never on speech: a talker must not become the noise floor. */
function followFloor(floorDb: number, levelDb: number, isVoiced: boolean): number {
  if (levelDb < floorDb) return Math.max(-70, levelDb);
  return isVoiced ? floorDb : Math.min(levelDb, floorDb + 0.2);
}
