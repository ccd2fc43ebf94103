export type CallKey = 'mute' | 'end';

type KeyFacts = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat' | 'target'>;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

/** The single keys of a call; text fields and combinations keep theirs. */
export function findCallKey(event: KeyFacts): CallKey | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return null;
  if (event.code === 'KeyM') return 'mute';
  return event.code === 'KeyE' ? 'end' : null;
}
