const BIAS = 0x84;
const CLIP = 32_635;

/** The position of the highest set bit above bit 7, which is the segment of both companding laws. */
const segmentOf = (magnitude: number): number => Math.max(0, 24 - Math.clz32(magnitude | 0xff));

function encodeMuLawSample(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(CLIP, Math.abs(sample)) + BIAS;
  const segment = segmentOf(magnitude);
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
}

function decodeMuLawSample(byte: number): number {
  const code = ~byte & 0xff;
  const segment = (code >> 4) & 0x07;
  const magnitude = ((((code & 0x0f) << 3) + BIAS) << segment) - BIAS;
  return (code & 0x80) === 0 ? magnitude : -magnitude;
}

function encodeALawSample(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(32_767, sample >= 0 ? sample : -sample - 1);
  const segment = segmentOf(magnitude);
  const mantissa = (magnitude >> (segment === 0 ? 4 : segment + 3)) & 0x0f;
  return (sign | (segment << 4) | mantissa) ^ 0x55;
}

function decodeALawSample(byte: number): number {
  const code = byte ^ 0x55;
  const segment = (code >> 4) & 0x07;
  const mantissa = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1);
  return (code & 0x80) === 0 ? -magnitude : magnitude;
}

export type Law = 'audio/pcmu' | 'audio/pcma';

export function encodeG711(pcm: Int16Array, law: Law): Uint8Array {
  const encode = law === 'audio/pcmu' ? encodeMuLawSample : encodeALawSample;
  return Uint8Array.from(pcm, encode);
}

export function decodeG711(bytes: Uint8Array, law: Law): Int16Array {
  const decode = law === 'audio/pcmu' ? decodeMuLawSample : decodeALawSample;
  return Int16Array.from(bytes, decode);
}
