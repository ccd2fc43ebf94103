import { AppError } from '../../errors.ts';

export type SessionPosition = { issuedAt: Date; id: string };

const CURSOR = /^(\d{1,15})\.([\w-]{1,64})$/;

/** Opaque to callers. It only says where to go on; whose rows are shown is decided on every page anew. */
export function encodeCursor({ issuedAt, id }: SessionPosition): string {
  return btoa(`${issuedAt.getTime()}.${id}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decodeText(cursor: string): string {
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}

export function decodeCursor(cursor: string): SessionPosition {
  const match = CURSOR.exec(decodeText(cursor));
  const [, time, id] = match ?? [];
  if (time === undefined || id === undefined) {
    throw new AppError('invalid_request', 'This cursor is not one of ours.', {
      details: { param: 'cursor' },
    });
  }
  return { issuedAt: new Date(Number(time)), id };
}
