import type { Database } from '@ephemera/db';

/** Counts whatever is asked of the database. */
export function countStatements(database: Database): { counted: Database; read: () => number } {
  let statements = 0;
  const counted: Database = {
    get orm() {
      statements += 1;
      return database.orm;
    },
    write: (statement) => {
      statements += 1;
      return database.write(statement);
    },
    writeAll: (unit) => {
      statements += 1;
      return database.writeAll(unit);
    },
    read: (sql, args) => {
      statements += 1;
      return database.read(sql, args);
    },
    lossAgoMs: () => database.lossAgoMs(),
    close: () => database.close(),
  };
  return { counted, read: () => statements };
}
