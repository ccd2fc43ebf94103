import type { FileConnectionOptions } from './connection.ts';
import type { WriteResult } from '../statement.ts';

/** What a thread beside the server's own is started with. */
export type FileThreadData = { path: string; options: FileConnectionOptions };

/** An error as it crosses threads: a copy would lose the code. */
export type ThreadError = { message: string; code: string | null };
export type ThreadOutcome = { ok: true; results: readonly WriteResult[] } | { ok: false; error: ThreadError };
export type CommitAnswer =
  | { ok: true; outcomes: readonly ThreadOutcome[] }
  | { ok: false; error: ThreadError };
