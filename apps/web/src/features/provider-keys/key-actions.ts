import type { KeyMessage } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

export type KeyAction = 'test' | 'rotate' | 'enable' | 'disable' | 'drain' | 'delete';

/** `blockedBy` says why it cannot be done now; it is shown, not hidden. */
export type OfferedAction = { action: KeyAction; blockedBy: KeyMessage | null };

export type PoolFacts = { canStore: boolean; canTest: boolean };

type KeyFacts = Pick<KeySummary, 'source' | 'isConfigured' | 'state' | 'openSessions' | 'drainAt'>;

function blockTest(key: KeyFacts, pool: PoolFacts): KeyMessage | null {
  if (!pool.canTest) return 'blocked.untestable';
  return key.isConfigured ? null : 'blocked.missing';
}

function isLeaving(key: KeyFacts): boolean {
  return key.drainAt !== null || key.state === 'draining' || key.state === 'disabled';
}

function blockRotate(key: KeyFacts, pool: PoolFacts): KeyMessage | null {
  if (key.source === 'environment') return 'blocked.environment';
  if (!pool.canStore) return 'blocked.keyring';
  return isLeaving(key) ? 'blocked.leaving' : null;
}

function blockDelete(key: KeyFacts): KeyMessage | null {
  if (key.source === 'environment' && key.isConfigured) return 'blocked.environment';
  return key.openSessions > 0 && key.state !== 'disabled' ? 'blocked.sessions' : null;
}

function listSwitches(key: KeyFacts): KeyAction[] {
  const canEnable = key.state !== 'active' || key.drainAt !== null;
  const canDrain = key.state !== 'disabled' && key.state !== 'draining';
  return [
    ...(canEnable ? (['enable'] as const) : []),
    ...(canDrain ? (['drain'] as const) : []),
    ...(key.state === 'disabled' ? [] : (['disable'] as const)),
  ];
}

/** What may be done with a key, in the order of the menu. */
export function listActions(key: KeyFacts, pool: PoolFacts): OfferedAction[] {
  return [
    { action: 'test', blockedBy: blockTest(key, pool) },
    { action: 'rotate', blockedBy: blockRotate(key, pool) },
    ...listSwitches(key).map((action) => ({ action, blockedBy: null })),
    { action: 'delete', blockedBy: blockDelete(key) },
  ];
}
