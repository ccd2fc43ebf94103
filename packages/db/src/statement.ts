import type { AuditMark } from './audit-chain.ts';

export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, unknown>>;

/**
 * SQL is a constant of the code; whatever comes from a request is an argument. An entry of the audit is marked: its hash
 * is found by the writer, in the transaction that stores it.
 */
export type Statement = {
  readonly sql: string;
  readonly args: readonly SqlValue[];
  readonly audit?: AuditMark;
};

export type WriteResult = { rows: readonly SqlRow[]; rowsAffected: number };
