import { ApiError } from './api-error.ts';

export class SignedOutError extends Error {
  override readonly name = 'SignedOutError';
}

export type TokenSource = {
  /** A user JWT that is good for at least {@link REFRESH_MARGIN_MS}. @throws SignedOutError without a sign-in, ApiError where the server cannot tell. */
  get(): Promise<string>;
  /** Forgets `token` if it is still the cached one, so that the next `get` fetches a new one. */
  discard(token: string): void;
  clear(): void;
};

export type TokenSourceOptions = { fetch: typeof fetch; now: () => number };

const REFRESH_MARGIN_MS = 60_000;

/** Expiry of a JWT in epoch ms; a token that cannot be read is used once and fetched again. */
export function readExpiry(token: string): number {
  try {
    const payload = token.split('.')[1] ?? '';
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    const expiry = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : null;
    return typeof expiry === 'number' ? expiry * 1_000 : 0;
  } catch {
    return 0;
  }
}

/** Asked first because it answers `null` and not 401: a visitor who is not signed in is no error. */
async function hasSignIn(send: typeof fetch): Promise<boolean> {
  const response = await send('/api/auth/get-session', { credentials: 'same-origin' });
  if (!response.ok) throw await ApiError.fromResponse(response);
  return (await response.json()) !== null;
}

async function fetchToken(send: typeof fetch): Promise<string> {
  if (!(await hasSignIn(send))) throw new SignedOutError('No sign-in');
  const response = await send('/api/auth/token', {
    credentials: 'same-origin',
    headers: { accept: 'application/json' },
  });
  if (response.status === 401) throw new SignedOutError('No sign-in');
  if (!response.ok) throw await ApiError.fromResponse(response);
  const body: unknown = await response.json();
  if (typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string')
    return body.token;
  throw new SignedOutError('No token for this sign-in');
}

/** The user's JWT, kept in memory only and fetched once however many ask at the same time. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  let cached: { token: string; expiresAt: number } | null = null;
  let pending: Promise<string> | null = null;

  async function load(): Promise<string> {
    const token = await fetchToken(options.fetch);
    cached = { token, expiresAt: readExpiry(token) };
    return token;
  }

  return {
    get() {
      if (cached !== null && cached.expiresAt - options.now() > REFRESH_MARGIN_MS)
        return Promise.resolve(cached.token);
      pending ??= load().finally(() => {
        pending = null;
      });
      return pending;
    },
    discard(token) {
      if (cached?.token === token) cached = null;
    },
    clear() {
      cached = null;
    },
  };
}
