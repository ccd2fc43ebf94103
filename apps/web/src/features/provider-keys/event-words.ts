import type { KeyMessage } from './key-text.ts';
import type { KeyEvent } from './key-types.ts';

export type EventTone = 'plain' | 'good' | 'bad' | 'off';

export type EventWords = {
  /** `null`: an action that this version has no words for; then `code` is shown. */
  message: KeyMessage | null;
  code: string;
  tone: EventTone;
  /** Ids and codes beside it, as they are. */
  facts: string[];
};

const MESSAGES: Readonly<Record<string, { message: KeyMessage; tone: EventTone }>> = {
  add: { message: 'event.add', tone: 'good' },
  read: { message: 'event.read', tone: 'off' },
  test: { message: 'event.test', tone: 'good' },
  rotate: { message: 'event.rotate', tone: 'plain' },
  disable: { message: 'event.disable', tone: 'off' },
  enable: { message: 'event.enable', tone: 'good' },
  drain: { message: 'event.drain', tone: 'plain' },
  delete: { message: 'event.delete', tone: 'off' },
  quarantine: { message: 'event.quarantine', tone: 'bad' },
  exhaust: { message: 'event.exhaust', tone: 'bad' },
  cool_down: { message: 'event.coolDown', tone: 'off' },
  open_breaker: { message: 'event.openBreaker', tone: 'bad' },
  recover: { message: 'event.recover', tone: 'good' },
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
  const code = event.action.replace(/^provider_key\./, '');
  const known = MESSAGES[code];
  return {
    message: known?.message ?? null,
    code: code.replaceAll('_', ' '),
    tone: event.result === 'ok' ? (known?.tone ?? 'plain') : 'bad',
    facts: listFacts(event.details),
  };
}
