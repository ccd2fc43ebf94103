export type Bytes = Uint8Array<ArrayBuffer>;

const CHUNK = 8_192;

export function encodeText(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function toBase64(bytes: Bytes): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  }
  return btoa(parts.join(''));
}

/** Null: not base64. */
export function fromBase64(text: string): Bytes | null {
  if (!/^[A-Za-z\d+/]*={0,2}$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

export function toBase64Url(bytes: Bytes): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Null: not base64url without padding. */
export function fromBase64Url(text: string): Bytes | null {
  return /^[\w-]*$/.test(text) ? fromBase64(text.replaceAll('-', '+').replaceAll('_', '/')) : null;
}

/** RFC 7468, with lines of 64 characters. */
export function toPem(label: string, der: ArrayBuffer): string {
  const lines = toBase64(new Uint8Array(der)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The bytes under that label; null where the text is no PEM of it. */
export function fromPem(label: string, pem: string): Bytes | null {
  const match = /^\s*-----BEGIN ([A-Z ]+)-----([A-Za-z\d+/=\s]+)-----END ([A-Z ]+)-----\s*$/.exec(pem);
  if (match === null || match[1] !== label || match[3] !== label) return null;
  return fromBase64((match[2] ?? '').replaceAll(/\s/g, ''));
}
