const HALF_TAPS = 16;

type Kernel = { readonly first: number; readonly weights: Float64Array };

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const hann = (x: number): number => 0.5 + 0.5 * Math.cos((Math.PI * x) / HALF_TAPS);
const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/** Output samples fall on a few positions between input samples; each has its own weights, computed once. */
function createKernel(fraction: number, cutoff: number): Kernel {
  const reach = HALF_TAPS / cutoff;
  const first = Math.ceil(fraction - reach);
  const last = Math.floor(fraction + reach);
  const weights = Float64Array.from({ length: last - first + 1 }, (_, index) => {
    const distance = (first + index - fraction) * cutoff;
    return sinc(distance) * hann(distance) * cutoff;
  });
  return { first, weights };
}

function applyKernel(pcm: Int16Array, centre: number, kernel: Kernel): number {
  let sum = 0;
  const start = centre + kernel.first;
  for (let tap = Math.max(0, -start); tap < kernel.weights.length; tap += 1) {
    sum += (pcm[start + tap] ?? 0) * (kernel.weights[tap] ?? 0);
  }
  return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
}

/** Changes the sample rate of mono PCM16 by a windowed sinc, cut below the lower of the two half rates. */
export function resample(pcm: Int16Array, fromRate: number, toRate: number): Int16Array {
  if (fromRate === toRate) return pcm;
  const divisor = greatestDivisor(fromRate, toRate);
  const [up, down] = [toRate / divisor, fromRate / divisor];
  const cutoff = Math.min(1, up / down);
  const kernels = Array.from({ length: up }, (_, phase) => createKernel(phase / up, cutoff));
  const output = new Int16Array(Math.floor((pcm.length * up) / down));
  for (let index = 0; index < output.length; index += 1) {
    const position = index * down;
    const kernel = kernels[position % up];
    if (kernel !== undefined) output[index] = applyKernel(pcm, Math.floor(position / up), kernel);
  }
  return output;
}
