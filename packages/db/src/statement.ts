export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, unknown>>;

/** SQL is a constant of the code; whatever comes from a request is an argument. */
export type Statement = { readonly sql: string; readonly args: readonly SqlValue[] };

export type WriteResult = { rows: readonly SqlRow[]; rowsAffected: number };
