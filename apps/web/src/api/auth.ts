import { ApiError } from './api-error.ts';

export type Credentials = { email: string; password: string };

export type AuthClient = {
  signIn(credentials: Credentials): Promise<void>;
  signOut(): Promise<void>;
};

async function postAuth(send: typeof fetch, path: string, body: object): Promise<void> {
  const response = await send(`/api/auth/${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await ApiError.fromResponse(response);
}

/** The broker's own sign-in; the session lives in its cookie. */
export function createAuthClient(send: typeof fetch): AuthClient {
  return {
    signIn: (credentials) => postAuth(send, 'sign-in/email', credentials),
    signOut: () => postAuth(send, 'sign-out', {}),
  };
}
