/** What the server takes for a page, in an address: letters, digits, `_` and `-`, and no dot as of a file. */
const PLAIN_ID = /^[\w-]+$/;
const MARK = '~';

function toBase64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function fromBase64Url(text: string): string | null {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (char) => char.codePointAt(0) ?? 0);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null; // Nobody's id: the address was typed or cut off.
  }
}

/** An id is somebody else's text, `app:a/b` as well: what would not be plain in an address is written as Base64. */
export function toIdPath(id: string): string {
  return PLAIN_ID.test(id) ? id : MARK + toBase64Url(id);
}

/** The id in an address; one that cannot be read stays as it is, and is found to be nobody's. */
export function readIdPath(part: string): string {
  if (part.startsWith(MARK)) return fromBase64Url(part.slice(MARK.length)) ?? part;
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}
