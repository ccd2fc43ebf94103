const MAX_BYTES = 8 * 1_024 * 1_024;

/** workerd cuts a connection whose request was not read to its end, and what it was refused for is lost with it. */
export async function discardUnreadBody(request: Request): Promise<void> {
  if (request.body === null || request.bodyUsed) return;
  const declared = Number(request.headers.get('content-length') ?? Number.NaN);
  if (!(declared <= MAX_BYTES)) return;
  // A sender that goes away amid it hears no answer, and nothing has failed here.
  await Promise.allSettled([request.body.pipeTo(new WritableStream())]);
}
