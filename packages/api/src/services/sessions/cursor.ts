import { AppError } from '../../errors.ts';
import { SESSION_ID_PATTERN } from '../../ids.ts';

const PREFIX = 'after.';

/** Opaque to callers. It only says where to go on; whose rows are shown is decided on every page anew. */
export function encodeCursor(lastId: string): string {
  return btoa(PREFIX + lastId).replaceAll('=', '');
}

function decodeText(cursor: string): string {
  try {
    return atob(cursor);
  } catch {
    return '';
  }
}

/** The id after which the next page begins. */
export function decodeCursor(cursor: string): string {
  const text = decodeText(cursor);
  const id = text.slice(PREFIX.length);
  if (!text.startsWith(PREFIX) || !SESSION_ID_PATTERN.test(id)) {
    throw new AppError('invalid_request', 'This cursor is not one of ours.', {
      details: { param: 'cursor' },
    });
  }
  return id;
}
