/** Rows of dark (true) and light modules. */
export type QrMatrix = boolean[][];

type Version = { codewords: number; blocks: number; eccPerBlock: number; centers: readonly number[] };

/** ISO/IEC 18004, error correction M, versions 1 to 10; `centers` are those of the alignment patterns. */
const VERSIONS: readonly Version[] = [
  { codewords: 26, blocks: 1, eccPerBlock: 10, centers: [] },
  { codewords: 44, blocks: 1, eccPerBlock: 16, centers: [6, 18] },
  { codewords: 70, blocks: 1, eccPerBlock: 26, centers: [6, 22] },
  { codewords: 100, blocks: 2, eccPerBlock: 18, centers: [6, 26] },
  { codewords: 134, blocks: 2, eccPerBlock: 24, centers: [6, 30] },
  { codewords: 172, blocks: 4, eccPerBlock: 16, centers: [6, 34] },
  { codewords: 196, blocks: 4, eccPerBlock: 18, centers: [6, 22, 38] },
  { codewords: 242, blocks: 4, eccPerBlock: 22, centers: [6, 24, 42] },
  { codewords: 292, blocks: 5, eccPerBlock: 22, centers: [6, 26, 46] },
  { codewords: 346, blocks: 5, eccPerBlock: 26, centers: [6, 28, 50] },
];

/** Level M with mask 0, and from version 7 on the version, each with its check bits. */
const FORMAT_BITS = 0x5412;
const VERSION_BITS: Readonly<Record<number, number>> = { 7: 0x07c94, 8: 0x085bc, 9: 0x09a99, 10: 0x0a4d3 };

/** Product in GF(2^8) over 0x11D. */
function multiply(x: number, y: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d) ^ (((y >>> bit) & 1) * x);
  }
  return product;
}

function createDivisor(degree: number): number[] {
  let divisor = [...Array.from({ length: degree - 1 }, () => 0), 1];
  for (let step = 0, root = 1; step < degree; step += 1, root = multiply(root, 2)) {
    divisor = divisor.map((value, at) => multiply(value, root) ^ (divisor[at + 1] ?? 0));
  }
  return divisor;
}

function correct(data: readonly number[], divisor: readonly number[]): number[] {
  let rest = divisor.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ (rest[0] ?? 0);
    rest = [...rest.slice(1), 0].map((value, at) => value ^ multiply(divisor[at] ?? 0, factor));
  }
  return rest;
}

function toBits(value: number, length: number): number[] {
  return Array.from({ length }, (_, at) => (value >>> (length - 1 - at)) & 1);
}

const countBits = (version: number) => (version < 10 ? 8 : 16);
const capacityOf = ({ codewords, blocks, eccPerBlock }: Version) => codewords - blocks * eccPerBlock;

/** Mode (bytes), length, text, its end, and filling up to the capacity. */
function encodeData(text: Uint8Array, version: number, capacity: number): number[] {
  const bits = [0, 1, 0, 0, ...toBits(text.length, countBits(version))];
  for (const byte of text) bits.push(...toBits(byte, 8));
  bits.push(...toBits(0, Math.min(4, capacity * 8 - bits.length)));
  while (bits.length % 8 > 0) bits.push(0);
  const bytes = Array.from({ length: bits.length / 8 }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((byte, bit) => (byte << 1) | bit, 0),
  );
  const filling = Array.from({ length: capacity - bytes.length }, (_, at) => (at % 2 === 0 ? 0xec : 0x11));
  return [...bytes, ...filling];
}

/** The first of each list, then the second of each. */
function weaveLists(lists: readonly number[][], length: number): number[] {
  return Array.from({ length }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
}

/** The blocks and their error correction, woven into each other. */
function weave(data: readonly number[], version: Version): number[] {
  const { codewords, blocks, eccPerBlock } = version;
  const longBlocks = codewords % blocks;
  const shortLength = Math.floor(codewords / blocks) - eccPerBlock;
  const startOf = (block: number) => block * shortLength + Math.max(0, block - (blocks - longBlocks));
  const parts = Array.from({ length: blocks }, (_, block) => data.slice(startOf(block), startOf(block + 1)));
  const divisor = createDivisor(eccPerBlock);
  const checks = parts.map((part) => correct(part, divisor));
  return [...weaveLists(parts, shortLength + 1), ...weaveLists(checks, eccPerBlock)];
}

/** A square that is being drawn; `null` where nothing stands yet. */
function createCanvas(size: number) {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, (): boolean | null => null));
  const set = (row: number, column: number, isDark: boolean) => {
    const line = rows[row];
    if (line !== undefined && column >= 0 && column < size) line[column] = isDark;
  };
  return { rows, size, set };
}

type Canvas = ReturnType<typeof createCanvas>;

/** Rings around a centre; those at the distances in `light` stay light. */
function drawRings(canvas: Canvas, [row, column, reach]: readonly number[], light: readonly number[]): void {
  if (row === undefined || column === undefined || reach === undefined) return;
  for (let y = -reach; y <= reach; y += 1) {
    for (let x = -reach; x <= reach; x += 1) {
      canvas.set(row + y, column + x, !light.includes(Math.max(Math.abs(x), Math.abs(y))));
    }
  }
}

function drawPatterns(canvas: Canvas, { centers }: Version): void {
  const last = canvas.size - 1;
  for (let at = 0; at < canvas.size; at += 1) {
    canvas.set(6, at, at % 2 === 0);
    canvas.set(at, 6, at % 2 === 0);
  }
  for (const corner of [
    [3, 3, 4],
    [3, last - 3, 4],
    [last - 3, 3, 4],
  ])
    drawRings(canvas, corner, [2, 4]);
  const isFree = (row: number, column: number) => canvas.rows[row]?.[column] === null;
  // On the timing lines they stand as well, but never on a corner.
  for (const row of centers) {
    for (const column of centers) {
      const isCorner = !isFree(row, column) && ![row, column].some((at) => at > 6 && at < last - 6);
      if (!isCorner) drawRings(canvas, [row, column, 2], [1]);
    }
  }
}

function drawInfo(canvas: Canvas, version: number): void {
  const last = canvas.size - 1;
  for (const [at, bit] of toBits(FORMAT_BITS, 15).toReversed().entries()) {
    const near = at < 6 ? at : at < 8 ? at + 1 : last - 14 + at;
    canvas.set(near, 8, bit === 1);
    canvas.set(8, at < 8 ? last - at : at === 8 ? 7 : 14 - at, bit === 1);
  }
  canvas.set(last - 7, 8, true);
  for (const [at, bit] of toBits(VERSION_BITS[version] ?? 0, version < 7 ? 0 : 18)
    .toReversed()
    .entries()) {
    const [far, near] = [last - 10 + (at % 3), Math.floor(at / 3)];
    canvas.set(far, near, bit === 1);
    canvas.set(near, far, bit === 1);
  }
}

/** Two columns at a time from the right, up and down in turns, around what stands already; then masked. */
function drawData(canvas: Canvas, codewords: readonly number[]): void {
  const bits = codewords.flatMap((byte) => toBits(byte, 8));
  let at = 0;
  for (let right = canvas.size - 1, isUp = true; right > 0; right -= 2, isUp = !isUp) {
    if (right === 6) right = 5;
    for (let step = 0; step < canvas.size; step += 1) {
      const row = isUp ? canvas.size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (canvas.rows[row]?.[column] !== null) continue;
        canvas.set(row, column, (bits[at] === 1) !== ((row + column) % 2 === 0));
        at += 1;
      }
    }
  }
}

/** The QR code of a text; `null` for one of more than 213 bytes. The mask is fixed: what stands here is random enough. */
export function createQrCode(text: string): QrMatrix | null {
  const bytes = new TextEncoder().encode(text);
  const index = VERSIONS.findIndex(
    (version, at) => 4 + countBits(at + 1) + bytes.length * 8 <= capacityOf(version) * 8,
  );
  const version = VERSIONS[index];
  if (version === undefined) return null;
  const canvas = createCanvas(17 + 4 * (index + 1));
  drawPatterns(canvas, version);
  drawInfo(canvas, index + 1);
  drawData(canvas, weave(encodeData(bytes, index + 1, capacityOf(version)), version));
  return canvas.rows.map((row) => row.map((isDark) => isDark === true));
}
