import type { AuditEntry, StoredEntry } from './audit-types.ts';

function parseDetails(text: string | null): AuditEntry['details'] {
  const parsed: unknown = text === null ? null : JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null;
}

/** An entry as it is stored, in the shape of the list. Who has that id is not stored. */
export function toEntry(stored: StoredEntry): AuditEntry {
  return {
    ...stored,
    at: new Date(stored.at).toISOString(),
    actorName: null,
    details: parseDetails(stored.details),
  };
}

/** `#5` is between `#6`, which is newer, and `#3`, which is older: numbers of other pages are not known. */
export function findNeighbours(
  seqs: readonly number[],
  seq: number,
): { newer: number | null; older: number | null } {
  const sorted = seqs.toSorted((a, b) => b - a);
  return {
    newer: sorted.findLast((other) => other > seq) ?? null,
    older: sorted.find((other) => other < seq) ?? null,
  };
}

function writeValue(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isList ? value.join(', ') : JSON.stringify(value);
}

/** What was written down beside the entry, one line each; `null` is none. What is no plain list stays JSON. */
export function listDetails(details: AuditEntry['details']): { name: string; value: string | null }[] {
  return Object.entries(details ?? {}).map(([name, value]) => ({ name, value: writeValue(value) }));
}
