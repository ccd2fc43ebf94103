import type { AuditEntryRow } from './schema/audit.ts';
import type { Statement } from './statement.ts';

/** An entry as it is stored: `at` in milliseconds, `details` as its JSON text. All of it is hashed. */
export type AuditRecord = {
  readonly id: string;
  readonly at: number;
  readonly actorKind: AuditEntryRow['actorKind'];
  readonly actorId: string | null;
  readonly action: string;
  readonly target: string | null;
  readonly result: AuditEntryRow['result'];
  readonly requestId: string;
  readonly ipPrefix: string | null;
  readonly details: string | null;
};

/** What a writer needs to chain an entry. */
export type AuditMark = {
  readonly record: AuditRecord;
  /** Stored only where the statement before it changed a row. */
  readonly isConditional: boolean;
};

/** What stands in place of a hash before the first entry of the chain. */
export const CHAIN_START = '0'.repeat(64);

/** The part of the message by which a stale head is known; the trigger of the migration says it. */
const HEAD_MOVED = 'audit head moved';

const COLUMNS = 'id, at, actor_kind, actor_id, action, target, result, request_id, ip_prefix, details, hash';
export const READ_CHAIN_HEAD = 'select hash from audit_entries order by seq desc limit 1';
/**
 * ?11 maps each hash that may be the last one to the hash of this entry. Where the last one is none of them, the hash is
 * null and a trigger refuses the row, and with it the whole transaction: nobody can fork the chain.
 */
const LINKED = `json_extract(?11, '$."' || coalesce((${READ_CHAIN_HEAD}), '${CHAIN_START}') || '"')`;
const INSERT = `insert into audit_entries (${COLUMNS})
  select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ${LINKED}`;
const INSERT_IF_CHANGED = `${INSERT} where changes() > 0`;

/**
 * The text whose SHA-256, in lower-case hex, is the entry's hash: the hash before it (64 zeros for the first one), a line
 * feed, and the fields as a JSON array without spaces, in UTF-8: id, at, actor kind, actor id, action, target, result,
 * request id, IP prefix, details. `at` is a number of milliseconds, `details` the stored JSON as a string, absent is null.
 */
export function formatLink(previous: string, record: AuditRecord): string {
  return `${previous}\n${JSON.stringify([
    record.id,
    record.at,
    record.actorKind,
    record.actorId,
    record.action,
    record.target,
    record.result,
    record.requestId,
    record.ipPrefix,
    record.details,
  ])}`;
}

/** As the database gives it back: half a surrogate pair and NUL do not survive there, and the hash must. */
function toStored<Text extends string | null>(text: Text): Text {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because null stays null and text stays text
  return (text === null ? null : text.toWellFormed().replaceAll('\u0000', '\uFFFD')) as Text;
}

/** Stores an entry of the audit, chained to the one before it. Only through `write` and `writeAll` of a database. */
export function auditEntryStatement(entry: AuditRecord, isConditional = false): Statement {
  const record: AuditRecord = {
    ...entry,
    actorId: toStored(entry.actorId),
    action: toStored(entry.action),
    target: toStored(entry.target),
    requestId: toStored(entry.requestId),
    ipPrefix: toStored(entry.ipPrefix),
    details: toStored(entry.details),
  };
  const { id, at, actorKind, actorId, action, target, result, requestId, ipPrefix, details } = record;
  return {
    sql: isConditional ? INSERT_IF_CHANGED : INSERT,
    args: [id, at, actorKind, actorId, action, target, result, requestId, ipPrefix, details],
    audit: { record, isConditional },
  };
}

/** From each hash that may be the last one to the hash that the entry then has. */
export type Links = Readonly<Record<string, string>>;

/** The statement as a connection can run it. */
export function withLinks({ sql, args }: Statement, links: Links): Statement {
  return { sql, args: [...args, JSON.stringify(links)] };
}

/** The hash that the next entry follows, of what `READ_CHAIN_HEAD` found. */
export function toChainHead(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const hash = rows[0]?.['hash'];
  return typeof hash === 'string' ? hash : CHAIN_START;
}

export function hasAudit(statements: readonly Statement[]): boolean {
  return statements.some(({ audit }) => audit !== undefined);
}

/** Somebody else has written an entry since the head was read; nothing of the batch was stored. */
export function isStaleHead(error: unknown): boolean {
  return error instanceof Error && error.message.includes(HEAD_MOVED);
}

/** SHA-256 in lower-case hex. */
export async function digestLink(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
