import { base64url } from 'jose';

import { crc32 } from '../../access-keys/checksum.ts';
import { AppError } from '../../errors.ts';

const PREFIX = 'after.';
const CURSOR = /^([\w-]{9,2048})\.([a-z\d]{1,7})$/;

/**
 * Opaque to callers. An id of a user may be any text, so a sum tells a cursor that was tampered with from another user's
 * place; it keeps nothing secret: who may list sees everybody anyway.
 */
export function encodeCursor(lastId: string): string {
  const body = base64url.encode(PREFIX + lastId);
  return `${body}.${crc32(body).toString(36)}`;
}

function decodeId(cursor: string): string | null {
  const [, body = '', sum = ''] = CURSOR.exec(cursor) ?? [];
  if (body === '' || crc32(body).toString(36) !== sum) return null;
  const text = new TextDecoder().decode(base64url.decode(body));
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length) : null;
}

/** The id after which the next page begins. */
export function decodeCursor(cursor: string): string {
  const id = decodeId(cursor);
  if (id !== null) return id;
  throw new AppError('invalid_request', 'This cursor is not one of ours.', { details: { param: 'cursor' } });
}
