import type { RouterOutputs } from '@ephemera/api';

import type { DotTone } from '../../ui/timeline.tsx';
import type { KeyMessage } from './key-text.ts';

export type KeyEvent = RouterOutputs['audit']['list']['items'][number];

export type EventWords = {
  /** `null`: an action that this version has no words for; then `code` is shown. */
  message: KeyMessage | null;
  code: string;
  tone: DotTone;
  /** Values beside it, as they are. */
  facts: string[];
};

const MESSAGES: Readonly<Record<string, { message: KeyMessage; tone: DotTone }>> = {
  'access_key.create': { message: 'event.create', tone: 'success' },
  'access_key.update': { message: 'event.update', tone: 'accent' },
  'access_key.rotate': { message: 'event.rotate', tone: 'accent' },
  'access_key.disable': { message: 'event.disable', tone: 'off' },
  'access_key.enable': { message: 'event.enable', tone: 'success' },
  'access_key.revoke': { message: 'event.revoke', tone: 'danger' },
  'token.mint': { message: 'event.mint', tone: 'danger' },
};

const SHOWN_DETAILS = ['changed', 'scopes', 'graceSeconds', 'code'] as const;

function listFacts(details: KeyEvent['details']): string[] {
  return SHOWN_DETAILS.flatMap((name) => {
    const value: unknown = details?.[name];
    if (Array.isArray(value)) return [`${name} ${value.join(', ')}`];
    return typeof value === 'string' || typeof value === 'number' ? [`${name} ${value}`] : [];
  });
}

/** An audit entry of a key for a reader. */
export function describeEvent(event: Pick<KeyEvent, 'action' | 'result' | 'details'>): EventWords {
  const known = MESSAGES[event.action];
  return {
    message: known?.message ?? null,
    code: event.action.replaceAll(/[._]/g, ' '),
    tone: event.result === 'ok' ? (known?.tone ?? 'accent') : 'danger',
    facts: listFacts(event.details),
  };
}
