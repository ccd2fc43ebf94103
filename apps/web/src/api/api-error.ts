function readText(value: unknown, key: string): string | null {
  if (typeof value !== 'object' || value === null || !(key in value)) return null;
  const field: unknown = Reflect.get(value, key);
  return typeof field === 'string' ? field : null;
}

/** A refusal of a route that is not tRPC. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string | null;
  readonly requestId: string | null;

  constructor(status: number, code: string | null, requestId: string | null) {
    super(`The server answered ${status}`);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }

  static async fromResponse(response: Response): Promise<ApiError> {
    const body: unknown = await response.json().catch(() => null);
    return new ApiError(response.status, readText(body, 'code'), response.headers.get('x-request-id'));
  }
}
