import type { KeyMessage } from './key-text.ts';
import type { KeyEvent } from './key-types.ts';

export type EventTone = 'accent' | 'success' | 'danger' | 'off';

export type EventWords = {
  /** `null`: an action that this version has no words for; then `code` is shown. */
  message: KeyMessage | null;
  code: string;
  tone: EventTone;
  /** Ids and codes beside it, as they are. */
  facts: string[];
};

const MESSAGES: Readonly<Record<string, { message: KeyMessage; tone: EventTone }>> = {
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
  const code = event.action.replace(/^provider_key\./, '');
  const known = MESSAGES[code];
  return {
    message: known?.message ?? null,
    code: code.replaceAll('_', ' '),
    tone: event.result === 'ok' ? (known?.tone ?? 'accent') : 'danger',
    facts: listFacts(event.details),
  };
}
