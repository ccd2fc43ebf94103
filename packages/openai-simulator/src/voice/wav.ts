export type Wav = { sampleRate: number; channels: number; pcm: Int16Array };

const FORMAT_PCM = 1;

/** Reads a PCM16 WAV; null when it is something else. Sizes in the header are not trusted: writers to a pipe leave 0. */
export function parseWav(bytes: Buffer): Wav | null {
  if (
    bytes.length < 12 ||
    bytes.toString('latin1', 0, 4) !== 'RIFF' ||
    bytes.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    return null;
  }
  let format: { sampleRate: number; channels: number } | null = null;
  for (let offset = 12; offset + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', offset, offset + 4);
    const size = bytes.readUInt32LE(offset + 4);
    const start = offset + 8;
    if (name === 'fmt ' && start + 16 <= bytes.length) {
      if (bytes.readUInt16LE(start) !== FORMAT_PCM || bytes.readUInt16LE(start + 14) !== 16) return null;
      format = { channels: bytes.readUInt16LE(start + 2), sampleRate: bytes.readUInt32LE(start + 4) };
    }
    if (name === 'data') {
      if (format === null || format.sampleRate === 0 || format.channels === 0) return null;
      return { ...format, pcm: readSamples(bytes.subarray(start, Math.min(bytes.length, start + size))) };
    }
    offset = start + size + (size % 2);
  }
  return null;
}

function readSamples(bytes: Buffer): Int16Array {
  return Int16Array.from({ length: bytes.length >> 1 }, (_, index) => bytes.readInt16LE(index * 2));
}
