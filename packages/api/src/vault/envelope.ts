import { parseBase64Url, toBase64Url } from './base64.ts';

export const FORMAT = 'v1';
export const IV_BYTES = 12;
export const DATA_KEY_BYTES = 32;
const TAG_BYTES = 16;
const VERSION = /^[1-9]\d{0,8}$/;

type Bytes = Uint8Array<ArrayBuffer>;

/** A data key, wrapped by a key-encryption key. */
export type WrappedKey = { kekVersion: number; wrapIv: Bytes; wrappedKey: Bytes };
/** What a row stores: the wrapped data key, and the secret under it. */
export type Envelope = WrappedKey & { iv: Bytes; sealed: Bytes };

export function formatEnvelope(envelope: Envelope): string {
  const { kekVersion, wrapIv, wrappedKey, iv, sealed } = envelope;
  return [FORMAT, kekVersion, ...[wrapIv, wrappedKey, iv, sealed].map(toBase64Url)].join('.');
}

function parsePart(text: string | undefined, minBytes: number, maxBytes: number): Bytes | null {
  const bytes = parseBase64Url(text ?? '');
  return bytes !== null && bytes.length >= minBytes && bytes.length <= maxBytes ? bytes : null;
}

/** Null for anything that `formatEnvelope` would not have written. */
export function parseEnvelope(text: string): Envelope | null {
  const [format, version = '', wrapIvText, wrappedText, ivText, sealedText, ...rest] = text.split('.');
  if (format !== FORMAT || !VERSION.test(version) || rest.length > 0) return null;
  const wrapIv = parsePart(wrapIvText, IV_BYTES, IV_BYTES);
  const wrappedKey = parsePart(wrappedText, DATA_KEY_BYTES + TAG_BYTES, DATA_KEY_BYTES + TAG_BYTES);
  const iv = parsePart(ivText, IV_BYTES, IV_BYTES);
  const sealed = parsePart(sealedText, TAG_BYTES, Number.MAX_SAFE_INTEGER);
  if (wrapIv === null || wrappedKey === null || iv === null || sealed === null) return null;
  return { kekVersion: Number(version), wrapIv, wrappedKey, iv, sealed };
}

/** Each part with its length before it, so that no two lists of parts are the same bytes. */
export function encodeContext(parts: readonly string[]): Bytes {
  const encoded = parts.map((part) => new TextEncoder().encode(part));
  const bytes = new Uint8Array(encoded.reduce((total, { length }) => total + 4 + length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const part of encoded) {
    view.setUint32(offset, part.length);
    bytes.set(part, offset + 4);
    offset += 4 + part.length;
  }
  return bytes;
}
