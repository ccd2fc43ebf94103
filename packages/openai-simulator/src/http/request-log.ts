import { maskKey } from './credentials.ts';

export type LoggedRequest = {
  id: string;
  at: string;
  kind: 'request' | 'upgrade';
  method: string;
  path: string;
  query: Record<string, string>;
  /** Lower-case names; keys and secrets are masked to their last four characters. */
  headers: Record<string, string>;
  /** JSON as parsed, a form as its fields, any other text as it came; null without a body. */
  body: unknown;
  status: number | null;
};

const KEPT_REQUESTS = 1_000;
const SECRET_WORDS = /(Bearer\s+|openai-insecure-api-key\.)([^\s,]+)/gi;

const maskSecrets = (value: string): string =>
  value.replaceAll(SECRET_WORDS, (_, before: string, key: string) => before + maskKey(key));

/** What came in, newest last, for tests that ask what a client or broker really sent. */
export class RequestLog {
  #requests: LoggedRequest[] = [];

  add(request: LoggedRequest): LoggedRequest {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = maskSecrets(value);
    const logged = { ...request, headers };
    this.#requests.push(logged);
    if (this.#requests.length > KEPT_REQUESTS * 2) this.#requests = this.#requests.slice(-KEPT_REQUESTS);
    return logged;
  }

  list(): readonly LoggedRequest[] {
    return this.#requests.slice(-KEPT_REQUESTS);
  }

  clear(): void {
    this.#requests = [];
  }
}
