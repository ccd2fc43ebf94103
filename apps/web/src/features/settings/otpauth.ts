/** The secret of an `otpauth://` address in groups of four, for those who type it in. */
export function readTotpKey(uri: string): string {
  const secret = URL.canParse(uri) ? new URL(uri).searchParams.get('secret') : null;
  return secret?.match(/.{1,4}/g)?.join(' ') ?? '';
}
