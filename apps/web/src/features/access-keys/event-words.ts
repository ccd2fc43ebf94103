import { describeEntry } from '../audit/entry-words.ts';
import type { EntryWords, KnownActions } from '../audit/entry-words.ts';
import type { AuditEntry } from '../audit/target-entries.tsx';
import type { KeyMessage } from './key-text.ts';

/** With values beside it, as they are. */
type EventWords = EntryWords<KeyMessage> & { facts: string[] };

const MESSAGES: KnownActions<KeyMessage> = {
  'access_key.create': { message: 'event.create', tone: 'success' },
  'access_key.update': { message: 'event.update', tone: 'accent' },
  'access_key.rotate': { message: 'event.rotate', tone: 'accent' },
  'access_key.disable': { message: 'event.disable', tone: 'off' },
  'access_key.enable': { message: 'event.enable', tone: 'success' },
  'access_key.revoke': { message: 'event.revoke', tone: 'danger' },
  'token.mint': { message: 'event.mint', tone: 'danger' },
};

const SHOWN_DETAILS = ['changed', 'scopes', 'graceSeconds', 'code'] as const;

function listFacts(details: AuditEntry['details']): string[] {
  return SHOWN_DETAILS.flatMap((name) => {
    const value: unknown = details?.[name];
    if (Array.isArray(value)) return [`${name} ${value.join(', ')}`];
    return typeof value === 'string' || typeof value === 'number' ? [`${name} ${value}`] : [];
  });
}

/** An audit entry of a key for a reader. */
export function describeEvent(event: Pick<AuditEntry, 'action' | 'result' | 'details'>): EventWords {
  return { ...describeEntry(event, MESSAGES), facts: listFacts(event.details) };
}
