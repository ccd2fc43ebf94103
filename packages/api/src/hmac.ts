/** Lower case. */
export function toHex(bytes: ArrayBuffer | Uint8Array): string {
  let hex = '';
  for (const byte of new Uint8Array(bytes)) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

/** HMAC-SHA256 of a text, in hex. */
export type Hmac = (text: string) => Promise<string>;

export function createHmac(secret: string): Hmac {
  const encoder = new TextEncoder();
  // The key, not its promise: on Workers a promise dies with the request that made it.
  let key: CryptoKey | undefined;

  async function importSecret(): Promise<CryptoKey> {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    return await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  }

  return async (text) => {
    key ??= await importSecret();
    return toHex(await crypto.subtle.sign('HMAC', key, encoder.encode(text)));
  };
}
