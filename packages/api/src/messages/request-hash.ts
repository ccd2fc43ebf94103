import { toHex } from '../hmac.ts';

/** Of a request as it will be kept, to tell a repeated one from another one under the same key. */
export async function hashRequest(parts: readonly unknown[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  return toHex(await crypto.subtle.digest('SHA-256', bytes));
}
