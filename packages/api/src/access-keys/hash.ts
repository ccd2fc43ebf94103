/** What is stored of an access key: an HMAC of it, hex. Without the secret of the deployment nobody can try keys. */
export type AccessKeyHash = (key: string) => Promise<string>;

async function importSecret(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  return await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

export function createAccessKeyHash(secret: string): AccessKeyHash {
  const encoder = new TextEncoder();
  // The key, not its promise: on Workers a promise dies with the request that made it.
  let imported: CryptoKey | undefined;
  return async (key) => {
    imported ??= await importSecret(secret);
    const signature = new Uint8Array(await crypto.subtle.sign('HMAC', imported, encoder.encode(key)));
    let hex = '';
    for (const byte of signature) hex += byte.toString(16).padStart(2, '0');
    return hex;
  };
}
