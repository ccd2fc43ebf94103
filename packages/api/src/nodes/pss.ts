const DIGEST_BYTES = 32;
const HEX = /^(?:[\da-f]{2})+$/i;

/** Of a digit of either case: in letters the low four bits count from one. */
function readDigit(code: number): number {
  return (code & 15) + (code > 57 ? 9 : 0);
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = readDigit(text.charCodeAt(2 * at)) * 16 + readDigit(text.charCodeAt(2 * at + 1));
  }
  return bytes;
}

function modulusBits({ algorithm }: CryptoKey): number {
  return 'modulusLength' in algorithm ? Number(algorithm.modulusLength) : 0;
}

/**
 * Whether the hex is a signature by RSA-PSS (SHA-256) over the text's UTF-8. The salt is as long as the key allows, or as
 * the digest; WebCrypto has to be told which, so both are tried.
 */
export async function verifyPss(key: CryptoKey, text: string, signature: string): Promise<boolean> {
  const bits = modulusBits(key);
  const isShaped = signature.length === 2 * Math.ceil(bits / 8) && HEX.test(signature);
  // One that cannot be right costs as much as one that is wrong.
  const bytes = isShaped ? fromHex(signature) : new Uint8Array(Math.ceil(bits / 8));
  const data = new TextEncoder().encode(text);
  const longest = Math.ceil((bits - 1) / 8) - DIGEST_BYTES - 2;
  for (const saltLength of [longest, DIGEST_BYTES]) {
    if (await crypto.subtle.verify({ name: 'RSA-PSS', saltLength }, key, bytes, data)) return isShaped;
  }
  return false;
}
