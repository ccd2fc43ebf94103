const AUDIBLE = 300;
const MARGIN_SAMPLES = 240;

/** Cuts the silence that a synthesiser puts before and after what it says, but for 10 ms. */
export function trimSilence(pcm: Int16Array): Int16Array {
  const first = pcm.findIndex((sample) => Math.abs(sample) > AUDIBLE);
  if (first === -1) return pcm;
  const last = pcm.findLastIndex((sample) => Math.abs(sample) > AUDIBLE);
  return pcm.slice(Math.max(0, first - MARGIN_SAMPLES), last + MARGIN_SAMPLES);
}
