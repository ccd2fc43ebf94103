import type { FileConnectionOptions } from './connection.ts';
import type { AuditMark } from '../audit-chain.ts';
import type { SqlValue, WriteResult } from '../statement.ts';

/** What the thread is started with. */
export type CommitThreadData = { path: string; options: FileConnectionOptions };

/** A statement with the number of its text, since a text of a kilobyte would be copied for each mint. */
export type NumberedStatement = { text: number; args: readonly SqlValue[]; audit?: AuditMark };

export type CommitOrder = {
  /** By number, those that the thread does not know yet. */
  texts: readonly (readonly [number, string])[];
  units: readonly (readonly NumberedStatement[])[];
};

/** An error as it crosses threads: a copy would lose the code. */
export type ThreadError = { message: string; code: string | null };
export type ThreadOutcome = { ok: true; results: readonly WriteResult[] } | { ok: false; error: ThreadError };
export type CommitAnswer =
  | { ok: true; outcomes: readonly ThreadOutcome[] }
  | { ok: false; error: ThreadError };
