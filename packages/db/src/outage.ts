/** The database did not answer, or its file is not there. What it was asked to write may have been written. */
export class DatabaseOutageError extends Error {
  override readonly name = 'DatabaseOutageError';
}

/**
 * What SQLite says of its surroundings (a lock, a full disk, a file it cannot reach), a libSQL server of a transaction
 * that it ended, and its client of a lost connection. Of an HTTP status patient-fetch.ts tells.
 */
const OUTAGE =
  /^(?:SQLITE_(?:BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|PROTOCOL)|TRANSACTION_(?:TIMEOUT|BUSY)$|STREAM_EXPIRED$|HRANA_(?:WEBSOCKET|CLOSED)_ERROR$)/;

function isOneOutage(error: Error): boolean {
  if (error instanceof DatabaseOutageError) return true;
  return 'code' in error && typeof error.code === 'string' && OUTAGE.test(error.code);
}

/** Whether it failed for want of the database, so that the same may go well in a moment. Looks at the causes as well. */
export function isOutage(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (isOneOutage(at)) return true;
  return false;
}
