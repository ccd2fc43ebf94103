export type HttpRequest = {
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  signal: AbortSignal;
};

export type HttpResponse = {
  status: number;
  headers: { get: (name: string) => string | null | undefined };
  /** Rejects with {@link ResponseTooLargeError} as soon as the body is longer than `maxBytes`. */
  text: (maxBytes: number) => Promise<string>;
};

/** One request over the network. Follows no redirect; rejects when there is no answer or when the signal aborts. */
export type HttpSend = (request: HttpRequest) => Promise<HttpResponse>;

export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError';
}
