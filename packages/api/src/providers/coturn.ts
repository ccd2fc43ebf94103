import { assertIceUrls } from './ice-urls.ts';
import type { TurnProvider } from './turn-provider.ts';

export type CoturnOptions = {
  urls: readonly string[];
  /** As in `static-auth-secret`; several while rotating: the first one signs. */
  secrets: readonly string[];
};

const DAY_SECONDS = 86_400;

/** base64(HMAC-SHA1(secret, username)), as coturn's `use-auth-secret` expects. */
export async function signTurnUsername(key: CryptoKey, username: string): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(username));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}

export async function importTurnSecret(secret: string): Promise<CryptoKey> {
  return await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-1' },
    false,
    ['sign'],
  );
}

/** Time-limited credentials computed here, with no network. coturn checks the expiry when a relay is allocated. */
export function createCoturnProvider({ urls, secrets }: CoturnOptions): TurnProvider {
  assertIceUrls(urls);
  const [signing] = secrets;
  if (signing === undefined || signing === '') throw new TypeError('coturn needs at least one secret.');
  let key: CryptoKey | undefined;
  return {
    name: 'coturn',
    maxTtlSeconds: DAY_SECONDS,
    isComputed: true,
    revocable: false,
    midSessionExpiry: 'survives',
    issue: async ({ turnUser, ttlSeconds, nowMs }) => {
      key ??= await importTurnSecret(signing);
      const username = `${Math.floor(nowMs / 1_000) + ttlSeconds}:${turnUser}`;
      const credential = await signTurnUsername(key, username);
      return [{ urls: [...urls], username, credential }];
    },
  };
}
