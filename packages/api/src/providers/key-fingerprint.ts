/** HMAC of a provider's key, hex: the same key is found again, and nobody can try keys against it. */
export type KeyFingerprint = (provider: string, secret: string) => Promise<string>;

async function importSecret(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  return await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

/** The label keeps these apart from whatever else is signed with the same secret. */
export function createKeyFingerprint(secret: string): KeyFingerprint {
  const encoder = new TextEncoder();
  // The key, not its promise: on Workers a promise dies with the request that made it.
  let key: CryptoKey | undefined;
  return async (provider, providerKey) => {
    key ??= await importSecret(secret);
    const text = encoder.encode(`provider-key\n${provider}\n${providerKey}`);
    const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, text));
    return [...signature].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  };
}
