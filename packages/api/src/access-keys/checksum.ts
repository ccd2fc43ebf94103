const POLYNOMIAL = 0xed_b8_83_20;

function tableEntry(index: number): number {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value >>> 0;
}

const TABLE: readonly number[] = Array.from({ length: 256 }, (_, index) => tableEntry(index));

/** CRC-32 as zip files have it, of a text in ASCII. It finds typing errors and keeps nobody out. */
export function crc32(text: string): number {
  let crc = 0xff_ff_ff_ff;
  for (let at = 0; at < text.length; at += 1) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ text.charCodeAt(at)) & 255] ?? 0);
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}
