const SAMPLE_RATE = 24_000;

/** Loud enough and uneven enough to pass for a voice: a buzz of four harmonics that swells four times a second. */
export function createSpeech(durationMs: number): Int16Array {
  return Int16Array.from({ length: (durationMs * SAMPLE_RATE) / 1_000 }, (_, index) => {
    const seconds = index / SAMPLE_RATE;
    const swell = 0.6 + 0.4 * Math.sin(2 * Math.PI * 4 * seconds);
    const buzz = [1, 2, 3, 4].reduce((sum, n) => sum + Math.sin(2 * Math.PI * 150 * n * seconds) / n, 0);
    return Math.round(5_000 * swell * buzz);
  });
}

export const createSilence = (durationMs: number): Int16Array =>
  new Int16Array((durationMs * SAMPLE_RATE) / 1_000);

export const joinSound = (...parts: Int16Array[]): Int16Array =>
  Int16Array.from(parts.flatMap((part) => [...part]));

export function measureRms(pcm: Int16Array): number {
  return Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, pcm.length));
}

export const toBase64 = (pcm: Int16Array): string =>
  Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
