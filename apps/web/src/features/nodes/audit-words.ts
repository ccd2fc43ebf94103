import { describeEntry } from '../audit/entry-words.ts';
import type { EntryWords, KnownActions } from '../audit/entry-words.ts';
import type { AuditEntry } from '../audit/target-entries.tsx';
import type { NodeMessage } from './node-text.ts';

/** With values beside it, as they are. */
type Words = EntryWords<NodeMessage> & { facts: string[] };

const MESSAGES: KnownActions<NodeMessage> = {
  'node.register': { message: 'history.register', tone: 'success' },
  'node.update': { message: 'history.update', tone: 'accent' },
  'node.set_scopes': { message: 'history.set_scopes', tone: 'accent' },
  'node.end_sign_ins': { message: 'history.end_sign_ins', tone: 'off' },
  'node.refresh': { message: 'history.reuse', tone: 'danger' },
  'node.revoke': { message: 'history.revoke', tone: 'danger' },
};

function toFact([name, value]: [string, unknown]): string {
  return `${name} ${Array.isArray(value) ? value.join(', ') : String(value)}`;
}

/** An audit entry of a node for a reader. */
export function describeAudit(entry: Pick<AuditEntry, 'action' | 'result' | 'details'>): Words {
  return {
    ...describeEntry(entry, MESSAGES),
    facts: Object.entries(entry.details ?? {})
      .filter(([, value]) => typeof value !== 'object' || Array.isArray(value))
      .map(toFact),
  };
}
