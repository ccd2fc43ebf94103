export type Wav = { sampleRate: number; channels: number; pcm: Int16Array };

const FORMAT_PCM = 1;

type WavFormat = Omit<Wav, 'pcm'>;

const isRiff = (bytes: Buffer): boolean =>
  bytes.length >= 12 &&
  bytes.toString('latin1', 0, 4) === 'RIFF' &&
  bytes.toString('latin1', 8, 12) === 'WAVE';

function readFormat(chunk: Buffer): WavFormat | null {
  if (chunk.length < 16 || chunk.readUInt16LE(0) !== FORMAT_PCM || chunk.readUInt16LE(14) !== 16) return null;
  const format = { channels: chunk.readUInt16LE(2), sampleRate: chunk.readUInt32LE(4) };
  return format.channels === 0 || format.sampleRate === 0 ? null : format;
}

/** Reads a PCM16 WAV; null when it is something else. A size beyond the end is cut: writers to a pipe cannot know it. */
export function parseWav(bytes: Buffer): Wav | null {
  if (!isRiff(bytes)) return null;
  let format: WavFormat | null = null;
  for (let offset = 12; offset + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', offset, offset + 4);
    const start = offset + 8;
    const end = start + bytes.readUInt32LE(offset + 4);
    const chunk = bytes.subarray(start, end);
    if (name === 'fmt ') format = readFormat(chunk);
    if (name === 'data') return format === null ? null : { ...format, pcm: readSamples(chunk) };
    offset = end + (end % 2);
  }
  return null;
}

function readSamples(bytes: Buffer): Int16Array {
  return Int16Array.from({ length: bytes.length >> 1 }, (_, index) => bytes.readInt16LE(index * 2));
}
