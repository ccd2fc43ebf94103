/** One value of a DER encoding: what it is, what it holds, and where it ends. */
export type DerValue = { tag: number; content: Uint8Array<ArrayBuffer>; end: number };

type Length = { value: number; at: number };

/** DER writes a length in one way only: the short form below 128, else the fewest bytes. Null: not DER. */
function readLength(bytes: Uint8Array<ArrayBuffer>, at: number): Length | null {
  const first = bytes[at];
  if (first === undefined) return null;
  if (first < 128) return { value: first, at: at + 1 };
  const count = first & 127;
  if (count === 0 || count > 3) return null;
  let value = 0;
  for (let index = 1; index <= count; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined || (index === 1 && byte === 0)) return null;
    value = value * 256 + byte;
  }
  return value < 128 ? null : { value, at: at + 1 + count };
}

/** The value that begins there; null where the bytes are no DER. */
export function readDer(bytes: Uint8Array<ArrayBuffer>, at = 0): DerValue | null {
  const tag = bytes[at];
  const length = readLength(bytes, at + 1);
  if (tag === undefined || length === null) return null;
  const end = length.at + length.value;
  return end > bytes.length ? null : { tag, content: bytes.subarray(length.at, end), end };
}

/** The values that fill the bytes exactly; null where they do not. */
export function readDerList(bytes: Uint8Array<ArrayBuffer>): DerValue[] | null {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const value = readDer(bytes, at);
    if (value === null) return null;
    values.push(value);
    at = value.end;
  }
  return values;
}
