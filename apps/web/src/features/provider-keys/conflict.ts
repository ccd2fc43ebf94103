function readField(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** `duplicate`: the very key is in the pool, as `name`. `state`: the key is no longer in a state that allows it. */
export type Conflict = { kind: 'duplicate'; name: string | null } | { kind: 'state' };

/** What a 409 collides with, or `null` for any other failure. */
export function findConflict(error: unknown): Conflict | null {
  const data = readField(error, 'data');
  if (readField(data, 'appCode') !== 'conflict') return null;
  const details = readField(data, 'details');
  if (readField(details, 'param') !== 'key') return { kind: 'state' };
  const name = readField(details, 'existingName');
  return { kind: 'duplicate', name: typeof name === 'string' ? name : null };
}
