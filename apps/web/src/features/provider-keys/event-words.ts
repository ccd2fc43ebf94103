import { describeEntry } from '../audit/entry-words.ts';
import type { EntryWords, KnownActions } from '../audit/entry-words.ts';
import type { KeyMessage } from './key-text.ts';
import type { KeyEvent } from './key-types.ts';

/** With ids and codes beside it, as they are. */
type EventWords = EntryWords<KeyMessage> & { facts: string[] };

const MESSAGES: KnownActions<KeyMessage> = {
  add: { message: 'event.add', tone: 'success' },
  read: { message: 'event.read', tone: 'off' },
  test: { message: 'event.test', tone: 'success' },
  rotate: { message: 'event.rotate', tone: 'accent' },
  disable: { message: 'event.disable', tone: 'off' },
  enable: { message: 'event.enable', tone: 'success' },
  drain: { message: 'event.drain', tone: 'accent' },
  delete: { message: 'event.delete', tone: 'off' },
  quarantine: { message: 'event.quarantine', tone: 'danger' },
  exhaust: { message: 'event.exhaust', tone: 'danger' },
  cool_down: { message: 'event.coolDown', tone: 'off' },
  open_breaker: { message: 'event.openBreaker', tone: 'danger' },
  recover: { message: 'event.recover', tone: 'success' },
  rewrap: { message: 'event.rewrap', tone: 'off' },
};

const SHOWN_DETAILS = ['reason', 'code', 'status', 'overlapSeconds', 'seconds'] as const;

function listFacts(details: KeyEvent['details']): string[] {
  return SHOWN_DETAILS.flatMap((name) => {
    const value = details?.[name];
    return typeof value === 'string' || typeof value === 'number' ? [`${name} ${value}`] : [];
  });
}

/** An audit entry of a key for a reader. */
export function describeEvent(event: Pick<KeyEvent, 'action' | 'result' | 'details'>): EventWords {
  const action = event.action.replace(/^provider_key\./, '');
  return { ...describeEntry({ action, result: event.result }, MESSAGES), facts: listFacts(event.details) };
}
