import { drizzle } from 'drizzle-orm/sqlite-proxy';
import { migrate } from 'drizzle-orm/sqlite-proxy/migrator';
import type { SQLInputValue } from 'node:sqlite';

import type { FileConnection } from './connection.ts';
import type { NodeParts } from '../node-parts.ts';
import * as schema from '../schema.ts';
import type { BusyRetry } from '../write-queue-busy.ts';

function isInput(value: unknown): value is SQLInputValue {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Uint8Array
  );
}

/** What the builder leaves for the driver to write. */
function toInput(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (isInput(value)) return value;
  throw new TypeError(`A parameter of a query is no value that SQLite knows, but ${typeof value}.`);
}

/** All of them or none; the keys are checked at the end, since a table that is rebuilt is gone for a moment. */
function runMigration(connection: FileConnection, statements: readonly string[]): void {
  connection.exec('pragma foreign_keys = off');
  try {
    connection.exec('begin immediate');
    for (const statement of statements) connection.exec(statement);
    connection.exec('commit');
  } finally {
    if (connection.isInTransaction()) connection.exec('rollback');
    connection.exec('pragma foreign_keys = on');
  }
}

/** The query builder on the connection of the file's writer. */
export function createFileOrm(
  connection: FileConnection,
  whileBusy: BusyRetry,
): Pick<NodeParts, 'orm' | 'migrate'> {
  const orm = drizzle(
    async (sql, params: readonly unknown[], method) => {
      const rows = await whileBusy(() => connection.readArrays(sql, params.map(toInput)));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because the builder takes the row itself, or none, where its types know lists alone
      return { rows: method === 'get' ? (rows[0] as unknown[]) : rows };
    },
    { schema },
  );
  return {
    orm,
    migrate: (migrationsFolder) =>
      migrate(
        orm,
        async (statements) => {
          await whileBusy(() => {
            runMigration(connection, statements);
          });
        },
        { migrationsFolder },
      ),
  };
}
