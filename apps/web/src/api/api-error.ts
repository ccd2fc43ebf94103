function readText(value: unknown, key: string): string | null {
  if (typeof value !== 'object' || value === null || !(key in value)) return null;
  const field: unknown = Reflect.get(value, key);
  return typeof field === 'string' ? field : null;
}

/** `Retry-After` in seconds; its other form, a date, is not one that the broker sends. */
function readRetryAfter(headers: Headers): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isInteger(seconds) && seconds >= 0 ? seconds : null;
}

export type RefusalDetails = {
  requestId?: string | null;
  /** The field at fault. */
  param?: string | null;
  /** After so many seconds another try makes sense. */
  retryAfterSeconds?: number | null;
};

/** A refusal of a route that is not tRPC. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string | null;
  readonly requestId: string | null;
  readonly param: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, code: string | null, details: RefusalDetails = {}) {
    super(`The server answered ${status}`);
    this.status = status;
    this.code = code;
    this.requestId = details.requestId ?? null;
    this.param = details.param ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
  }

  static async fromResponse(response: Response): Promise<ApiError> {
    const body: unknown = await response.json().catch(() => null);
    return new ApiError(response.status, readText(body, 'code'), {
      requestId: response.headers.get('x-request-id'),
      param: readText(body, 'param'),
      retryAfterSeconds: readRetryAfter(response.headers),
    });
  }
}
