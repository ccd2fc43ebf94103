import { DatabaseSync } from 'node:sqlite';

/** What a target has committed to its database file, read from outside of its process. */
export type Ledger = {
  /** Session rows that came since the ledger was opened. */
  countMinted: () => number;
  /** Tries of these that came to nothing. */
  countFailedTries: () => number;
  /** Those of the given provider session ids that have no row. */
  listMissing: (providerSessionIds: readonly string[]) => string[];
};

function readDatabase<T>(file: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

function countSessions(file: string): number {
  return readDatabase(file, (database) =>
    Number(database.prepare('SELECT count(*) AS total FROM sessions').get()?.['total']),
  );
}

function countFailedTries(file: string): number {
  return readDatabase(file, (database) => {
    const sql = 'SELECT sum(json_array_length(attempts) - 1) AS total FROM sessions';
    return Number(database.prepare(sql).get()?.['total'] ?? 0);
  });
}

/** Opens the ledger of a server that has made its tables; its demo rows are not counted. */
export function openLedger(file: string): Ledger {
  const countAtStart = countSessions(file);
  const failedTriesAtStart = countFailedTries(file);
  return {
    countMinted: () => countSessions(file) - countAtStart,
    countFailedTries: () => countFailedTries(file) - failedTriesAtStart,
    listMissing: (providerSessionIds) =>
      readDatabase(file, (database) => {
        const find = database.prepare('SELECT 1 FROM sessions WHERE provider_session_id = ?');
        return providerSessionIds.filter((id) => find.get(id) === undefined);
      }),
  };
}
