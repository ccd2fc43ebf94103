type Bytes = Uint8Array<ArrayBuffer>;

function decode(binary: string): Bytes {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function encode(bytes: Readonly<Uint8Array>): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function toBase64Url(bytes: Readonly<Uint8Array>): string {
  return encode(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Null unless it is the one way to write these bytes: the last digit has bits that decode to nothing, and a text that
 * could be changed without a trace would not be authenticated.
 */
export function parseBase64Url(text: string): Bytes | null {
  const bytes = parseAny(text.replaceAll('-', '+').replaceAll('_', '/'));
  return bytes !== null && toBase64Url(bytes) === text ? bytes : null;
}

/** The usual alphabet, with or without padding. */
export function parseBase64(text: string): Bytes | null {
  const bytes = parseAny(text);
  return bytes !== null && encode(bytes).replaceAll('=', '') === text.replace(/={0,2}$/, '') ? bytes : null;
}

function parseAny(text: string): Bytes | null {
  try {
    return decode(atob(text));
  } catch {
    // What `atob` says could quote its input.
    return null;
  }
}
