import { AppError } from '../../errors.ts';

const CURSOR = /^before\.(\d{1,15})$/;

/** Opaque to callers: it only says where to go on. */
export function encodeCursor(seq: number): string {
  return btoa(`before.${seq}`).replaceAll('=', '');
}

function decodeText(cursor: string): string {
  try {
    return atob(cursor);
  } catch {
    return '';
  }
}

/** The number of the entry before which the next page begins. */
export function decodeCursor(cursor: string): number {
  const seq = CURSOR.exec(decodeText(cursor))?.[1];
  if (seq !== undefined) return Number(seq);
  throw new AppError('invalid_request', 'This cursor is not one of ours.', { details: { param: 'cursor' } });
}
