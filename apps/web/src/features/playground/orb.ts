/** Pure geometry and easing of the voice picture; `orb-canvas.tsx` paints it. */
export type OrbFrame = { microphone: number; remote: number; turn: number };

export const ORB_BARS = 72;

/** Speech lies around 0.02..0.3 RMS: stretched so that quiet talk is already visible. */
export function scaleLevel(rms: number | null): number {
  if (rms === null || rms <= 0) return 0;
  return Math.min(1, Math.sqrt(rms / 0.28));
}

/** Fast up, slow down, like a needle. */
export function easeLevel(current: number, target: number, elapsedMs: number): number {
  const timeConstantMs = target > current ? 40 : 220;
  return current + (target - current) * (1 - Math.exp(-elapsedMs / timeConstantMs));
}

/** Length of one bar 0..1: the level, shaped by two slow waves so that the ring looks alive. */
export function barLength(index: number, level: number, turn: number): number {
  const angle = (index / ORB_BARS) * Math.PI * 2;
  const wave = 0.55 + 0.28 * Math.sin(angle * 3 + turn * 2.1) + 0.17 * Math.sin(angle * 7 - turn * 3.3);
  return level * wave;
}
