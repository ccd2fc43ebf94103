import type { EdgeContext } from './edge-context.ts';
import { InvalidJsonError, parseJson } from './parse-json.ts';

/** Strict, and a byte order mark stays in the text, where JSON has no place for it. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const MAX_DISCARDED_BYTES = 8 * 1_024 * 1_024;

export type BodyProblem = 'too_large' | 'unsupported_type' | 'malformed';

/** A body that was refused before anything looked at its fields. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly problem: BodyProblem;

  constructor(problem: BodyProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

export type BodyRules = {
  maxBytes: number;
  /** Media types that are read as JSON, without parameters. */
  contentTypes: readonly string[];
};

/** Reads one JSON body within the rules; an empty body reads as `undefined`. Throws BodyError. */
export async function readJsonBody(c: EdgeContext, rules: BodyRules): Promise<unknown> {
  const request = c.req.raw;
  const declared = parseContentLength(request);
  if (declared !== null && declared > rules.maxBytes) throw tooLarge(rules);
  if (declared === 0) return undefined;
  const type = request.headers.get('content-type');
  if (type !== null) checkContentType(type, rules);
  const bytes = await receive(declared === null ? readBounded(request, rules) : readWhole(c));
  if (bytes.byteLength === 0) return undefined;
  if (type === null) throw unsupported(rules);
  return parseText(decodeUtf8(bytes));
}

/** The same rules for a body that another library reads; what is sent as JSON has to be as strict as everywhere. */
export async function boundBody(request: Request, maxBytes: number): Promise<Request> {
  const rules = { maxBytes, contentTypes: [] };
  const declared = parseContentLength(request);
  if (declared !== null && declared > maxBytes) throw tooLarge(rules);
  const isJson = /^application\/json\b/i.test(request.headers.get('content-type') ?? '');
  if (request.body === null || (declared !== null && !isJson)) return request;
  const body = await receive(readBounded(request, rules));
  if (isJson && body.byteLength > 0) parseText(decodeUtf8(body));
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body,
    signal: request.signal,
  });
}

function parseContentLength(request: Request): number | null {
  const value = request.headers.get('content-length');
  if (value === null || request.headers.has('transfer-encoding')) return null;
  return /^\d{1,15}$/.test(value) ? Number(value) : null;
}

function checkContentType(value: string, rules: BodyRules): void {
  const [type = '', ...parameters] = value.toLowerCase().split(';');
  if (!rules.contentTypes.includes(type.trim())) throw unsupported(rules);
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) throw unsupported(rules);
}

function unsupported(rules: BodyRules): BodyError {
  return new BodyError('unsupported_type', `The body must be sent as ${rules.contentTypes.join(' or ')}.`);
}

function tooLarge(rules: BodyRules): BodyError {
  return new BodyError('too_large', `The body is larger than ${rules.maxBytes} bytes.`);
}

/** A sender that goes away amid its body hears no answer, and nothing has failed here; a TypeError is a mistake of ours. */
async function receive<Bytes>(body: Promise<Bytes>): Promise<Bytes> {
  try {
    return await body;
  } catch (cause) {
    if (cause instanceof BodyError || cause instanceof TypeError) throw cause;
    throw new BodyError('malformed', 'The body breaks off.', { cause });
  }
}

/** A small body is here by the time its route runs: taken at once it needs no stream, and no turn of the event loop. */
function takeArrived({ env: { incoming } }: EdgeContext): Uint8Array | null {
  const bytes = incoming?.complete === true ? incoming.read() : null;
  return bytes instanceof Uint8Array ? bytes : null;
}

/** The runtime holds a sender to its Content-Length, so a declared body needs no counting. */
async function readWhole(c: EdgeContext): Promise<Uint8Array> {
  return takeArrived(c) ?? new Uint8Array(await c.req.raw.arrayBuffer());
}

async function readBounded(request: Request, rules: BodyRules): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let step = await reader?.read(); step !== undefined && !step.done; step = await reader?.read()) {
    size += step.value.byteLength;
    if (size > rules.maxBytes) {
      if (reader !== undefined) void Promise.allSettled([discardRest(reader)]);
      throw tooLarge(rules);
    }
    chunks.push(step.value);
  }
  return join(chunks, size);
}

/**
 * Reads on and drops what it reads while the refusal goes out: a connection that is cut at once would take the refusal
 * with it. A sender who does not stop by then is cut off.
 */
async function discardRest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  let size = 0;
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    size += step.value.byteLength;
    if (size > MAX_DISCARDED_BYTES) {
      await reader.cancel();
      return;
    }
  }
}

/** workerd cuts a connection whose request was not read to its end, and what it was refused for is lost with it. */
export async function discardUnreadBody(request: Request): Promise<void> {
  if (request.body === null || request.bodyUsed) return;
  const declared = Number(request.headers.get('content-length') ?? Number.NaN);
  if (!(declared <= MAX_DISCARDED_BYTES)) return;
  // A sender that goes away amid it hears no answer, and nothing has failed here.
  await Promise.allSettled([request.body.pipeTo(new WritableStream())]);
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new BodyError('malformed', 'The body is not valid UTF-8.', { cause });
  }
}

function parseText(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (cause instanceof InvalidJsonError) throw new BodyError('malformed', cause.message, { cause });
    throw cause;
  }
}
