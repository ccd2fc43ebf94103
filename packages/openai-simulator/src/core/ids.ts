export type CreateId = (prefix: string) => string;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Ids that look like the provider's: a prefix and 21 letters or digits. */
export function createIdSource(fillRandom: (bytes: Uint8Array) => Uint8Array): CreateId {
  return (prefix) => {
    const bytes = fillRandom(new Uint8Array(21));
    return prefix + Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  };
}
