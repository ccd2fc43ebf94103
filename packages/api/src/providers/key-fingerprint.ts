import { createHmac } from '../hmac.ts';

/** HMAC of a provider's key, hex: the same key is found again, and nobody can try keys against it. */
export type KeyFingerprint = (provider: string, secret: string) => Promise<string>;

/** The label keeps these apart from whatever else is signed with the same secret. */
export function createKeyFingerprint(secret: string): KeyFingerprint {
  const hmac = createHmac(secret);
  return (provider, providerKey) => hmac(`provider-key\n${provider}\n${providerKey}`);
}
