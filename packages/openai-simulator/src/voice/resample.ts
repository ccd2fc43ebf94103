const HALF_TAPS = 16;

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

function hann(x: number): number {
  return 0.5 + 0.5 * Math.cos((Math.PI * x) / HALF_TAPS);
}

/** Changes the sample rate of mono PCM16 by a windowed sinc, cut below the lower of the two half rates. */
export function resample(pcm: Int16Array, fromRate: number, toRate: number): Int16Array {
  if (fromRate === toRate) return pcm;
  const cutoff = Math.min(1, toRate / fromRate);
  const reach = HALF_TAPS / cutoff;
  const output = new Int16Array(Math.floor((pcm.length * toRate) / fromRate));
  for (let index = 0; index < output.length; index += 1) {
    const centre = (index * fromRate) / toRate;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(pcm.length - 1, Math.floor(centre + reach));
    let sum = 0;
    for (let tap = first; tap <= last; tap += 1) {
      const distance = (tap - centre) * cutoff;
      sum += (pcm[tap] ?? 0) * sinc(distance) * hann(distance) * cutoff;
    }
    output[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return output;
}
