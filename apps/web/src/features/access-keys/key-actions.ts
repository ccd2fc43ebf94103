import { isFormer } from './key-state.ts';
import type { KeyMessage } from './key-text.ts';
import type { KeyState, KeySummary } from './key-types.ts';

export type KeyAction = 'edit' | 'rotate' | 'disable' | 'enable' | 'revoke' | 'endGrace';

/** `blockedBy` says why it cannot be done now; it is shown, not hidden. */
export type OfferedAction = { action: KeyAction; blockedBy: KeyMessage | null };

type KeyFacts = Pick<KeySummary, 'scopes' | 'replacedBy'> & { state: KeyState };

/** Whoever rotates a key holds what it may do: that takes the right to give it. */
function blockRotate(key: KeyFacts, canMintFor: boolean): KeyMessage | null {
  if (key.state !== 'active') return 'blocked.inactive';
  return key.scopes.includes('tokens:mint-for') && !canMintFor ? 'blocked.scope' : null;
}

/** What may be done with a key, in the order of the menu. A former secret can only be ended. */
export function listActions(key: KeyFacts, canMintFor: boolean): OfferedAction[] {
  const { state } = key;
  if (isFormer(key)) return state === 'grace' ? [{ action: 'endGrace', blockedBy: null }] : [];
  if (state === 'revoked') return [];
  return [
    { action: 'edit', blockedBy: null },
    { action: 'rotate', blockedBy: blockRotate(key, canMintFor) },
    { action: state === 'disabled' ? 'enable' : 'disable', blockedBy: null },
    { action: 'revoke', blockedBy: null },
  ];
}
