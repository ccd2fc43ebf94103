// What goes to the account library and what comes back from it, read and written anew.
import type * as z from 'zod';

import { AppError } from '../errors.ts';

export async function readBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new AppError('unsupported_media_type', 'Send JSON with its content type.');
  }
  try {
    return await request.json();
  } catch (cause) {
    throw new AppError('invalid_request', 'The request is not valid JSON.', { cause });
  }
}

export function parse<Output>(schema: z.ZodType<Output>, body: unknown): Output {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const param = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new AppError('invalid_request', 'The request is not valid.', {
    details: param === '' ? {} : { param },
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The sign-in's token belongs into the cookie alone, where no script reads it. */
export function withoutSignInToken(body: unknown): unknown {
  if (!isRecord(body)) return body;
  const { token: _, session, ...rest } = body;
  if (!isRecord(session)) return session === undefined ? rest : { ...rest, session };
  const { token: __, ...shown } = session;
  return { ...rest, session: shown };
}

export function rewrap(response: Response, text: string): Response {
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return new Response(text === '' ? null : text, { status: response.status, headers });
}

const REFUSAL_CODE = /^[A-Z\d_]{1,64}$/;

/** Of the account library's own errors, `{message, code}`. */
export function readRefusalCode(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    const code = isRecord(body) ? body['code'] : undefined;
    return typeof code === 'string' && REFUSAL_CODE.test(code) ? code : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
