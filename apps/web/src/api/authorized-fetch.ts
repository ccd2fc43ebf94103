import type { TokenSource } from './token-source.ts';

function withBearer(init: RequestInit | undefined, token: string): RequestInit {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}

/** `fetch` with the user's JWT; a 401 is answered once with a fresh one, then it stands. */
export function createAuthorizedFetch(tokens: TokenSource, send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const token = await tokens.get();
    const response = await send(input, withBearer(init, token));
    if (response.status !== 401) return response;
    tokens.discard(token);
    return send(input, withBearer(init, await tokens.get()));
  };
}
