function readField(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** `duplicate`: the very key is in the pool, as `name`. `state`: the key is no longer in a state that allows it. */
export type Conflict = { kind: 'duplicate'; name: string | null } | { kind: 'state' };

/** The server quotes the name as JSON at the end of its sentence. */
const QUOTED_NAME = /"(?:[^"\\]|\\.)*"(?=\.?$)/;

function readQuotedName(message: string): string | null {
  const quoted = QUOTED_NAME.exec(message)?.[0];
  if (quoted === undefined) return null;
  try {
    const name: unknown = JSON.parse(quoted);
    return typeof name === 'string' ? name : null;
  } catch {
    return null; // A sentence of another version: the conflict is told without the name.
  }
}

/** What a 409 collides with, or `null` for any other failure. */
export function findConflict(error: unknown): Conflict | null {
  const data = readField(error, 'data');
  if (readField(data, 'appCode') !== 'conflict') return null;
  if (readField(readField(data, 'details'), 'param') !== 'key') return { kind: 'state' };
  const message = readField(error, 'message');
  return { kind: 'duplicate', name: typeof message === 'string' ? readQuotedName(message) : null };
}
