export type SqlValue = string | number | bigint | boolean | Uint8Array | ArrayBuffer | Date | null;
export type SqlRow = Readonly<Record<string, unknown>>;

/** Head and tuple of an INSERT; statements that share one template are sent as one multi-row INSERT. */
export type InsertTemplate = { readonly head: string; readonly tuple: string };

export type Statement =
  | { sql: string; args: readonly SqlValue[] }
  | { insert: InsertTemplate; values: readonly SqlValue[] };

export type WriteResult = { rows: readonly SqlRow[]; rowsAffected: number };

/** Table and column names come from code, never from a request: they are not escaped. */
export function createInsertTemplate(table: string, columns: readonly string[]): InsertTemplate {
  return {
    head: `insert into ${table} (${columns.join(', ')}) values `,
    tuple: `(${columns.map(() => '?').join(', ')})`,
  };
}
