import { createApiError, type ApiError } from './errors.ts';
import type { ClientSecret, SecretStore } from './secret-store.ts';

export type Credential = { kind: 'key'; key: string } | { kind: 'secret'; secret: ClientSecret };

/** A key as logs and messages may show it: its last four characters. */
export const maskKey = (key: string): string => (key.length <= 4 ? '****' : `…${key.slice(-4)}`);

export function readBearer(header: string | undefined): string | null {
  const match = /^Bearer\s+(\S+)\s*$/i.exec(header ?? '');
  return match?.[1] ?? null;
}

const refuse = (message: string, code: string | null): ApiError =>
  createApiError(401, { message, param: null, code });

/** Who presents this key or secret, or why they are turned away. Expiry is looked at here, so only at a start. */
export function authenticate(
  token: string | null,
  known: { apiKeys: ReadonlySet<string>; secrets: SecretStore },
): Credential | ApiError {
  if (token === null) {
    return refuse(
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
      null,
    );
  }
  if (known.apiKeys.has(token)) return { kind: 'key', key: token };
  const secret = known.secrets.find(token);
  if (secret === null) return refuse(`Incorrect API key provided: ${maskKey(token)}.`, 'invalid_api_key');
  if (known.secrets.isExpired(secret)) {
    return refuse('The ephemeral token has expired. Create a new one to start a session.', 'token_expired');
  }
  return { kind: 'secret', secret };
}

/** Only the project's own key will do: a client secret opens sessions and nothing else. */
export function requireProjectKey(credential: Credential): ApiError | null {
  if (credential.kind === 'key') return null;
  return createApiError(401, {
    message: 'An ephemeral token cannot be used here. Use a project API key.',
    param: null,
    code: 'invalid_api_key',
  });
}
