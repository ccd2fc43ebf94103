import { parseWav } from './wav.ts';

const OGG_PAGE = Buffer.from('OggS', 'latin1');
const OPUS_HEAD = Buffer.from('OpusHead', 'latin1');
const OPUS_RATE_PER_MS = 48;
const EBML_MAGIC = 0x1a45dfa3;
const BLOCK_GUESS_MS = 20;

function measureOgg(bytes: Buffer): number | null {
  const head = bytes.indexOf(OPUS_HEAD);
  const lastPage = bytes.lastIndexOf(OGG_PAGE);
  if (head === -1 || lastPage === -1 || bytes.length < lastPage + 14 || bytes.length < head + 12) return null;
  const preSkip = bytes.readUInt16LE(head + 10);
  const samples = Number(bytes.readBigInt64LE(lastPage + 6)) - preSkip;
  return samples < 0 ? null : samples / OPUS_RATE_PER_MS;
}

/** A number of EBML: the leading zero bits of its first byte say how long it is. */
function readVariable(
  bytes: Buffer,
  offset: number,
  keepsMarker: boolean,
): { value: number; length: number } | null {
  const first = bytes[offset] ?? 0;
  const length = Math.clz32(first) - 23;
  if (first === 0 || offset + length > bytes.length) return null;
  let value = keepsMarker ? first : first & (0xff >> length);
  for (let index = 1; index < length; index += 1) value = value * 256 + (bytes[offset + index] ?? 0);
  return { value, length };
}

const EBML_IDS = {
  segment: 0x18538067,
  cluster: 0x1f43b675,
  timecode: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
};
const CONTAINERS: ReadonlySet<number> = new Set([EBML_IDS.segment, EBML_IDS.cluster, EBML_IDS.blockGroup]);

/** The end of the last block: recorders in browsers write no duration into the header. */
function measureWebm(bytes: Buffer): number | null {
  let clusterMs = 0;
  let endMs: number | null = null;
  for (let offset = 0; offset < bytes.length;) {
    const id = readVariable(bytes, offset, true);
    const size = id === null ? null : readVariable(bytes, offset + id.length, false);
    if (id === null || size === null) break;
    const start = offset + id.length + size.length;
    if (CONTAINERS.has(id.value)) {
      offset = start;
      continue;
    }
    if (start + size.value > bytes.length) break;
    if (id.value === EBML_IDS.timecode) clusterMs = bytes.readUIntBE(start, Math.min(6, size.value));
    if (id.value === EBML_IDS.simpleBlock || id.value === EBML_IDS.block) {
      const track = readVariable(bytes, start, false);
      if (track !== null)
        endMs = Math.max(endMs ?? 0, clusterMs + bytes.readInt16BE(start + track.length) + BLOCK_GUESS_MS);
    }
    offset = start + size.value;
  }
  return endMs;
}

/** How long a recording lasts; null when it is none that can be read here (WAV, Ogg Opus and WebM can). */
export function measureDurationMs(bytes: Buffer): number | null {
  const wav = parseWav(bytes);
  if (wav !== null) return (wav.pcm.length / wav.channels / wav.sampleRate) * 1_000;
  if (bytes.length < 4) return null;
  if (bytes.subarray(0, 4).equals(OGG_PAGE)) return measureOgg(bytes);
  return bytes.readUInt32BE(0) === EBML_MAGIC ? measureWebm(bytes) : null;
}
