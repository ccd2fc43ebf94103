/** Loudness of one stream. */
export type LevelMeter = {
  /**
   * Root mean square of the last 40 ms or so, 0..1. Exactly 0 means digital silence, which a live microphone never gives.
   * `null` while the context does not run (a suspended one reports zeros that mean nothing).
   */
  read(): number | null;
  /** Disconnects; the context stays open. */
  close(): void;
};

const WINDOW_SAMPLES = 2048;

/** Measures a stream; `context` may serve several meters. */
export function createLevelMeter(stream: MediaStream, context: AudioContext): LevelMeter {
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = WINDOW_SAMPLES;
  source.connect(analyser);
  const samples = new Float32Array(WINDOW_SAMPLES);
  return {
    read() {
      if (context.state !== 'running') return null;
      analyser.getFloatTimeDomainData(samples);
      return rootMeanSquare(samples);
    },
    close() {
      source.disconnect();
      analyser.disconnect();
    },
  };
}

function rootMeanSquare(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}
