import { RealtimeError } from '../errors.ts';
import { createNetworkError } from '../peer/network-error.ts';
import type { Peer } from '../peer/peer.ts';
import type { Clock } from '../platform/platform.ts';

type CallWatch = {
  peer: Peer;
  clock: Clock;
  disconnectedMs: number;
  onPathChange: (path: 'live' | 'interrupted') => void;
  onLost: (error: RealtimeError) => void;
};

/**
 * Watches an open call until the result is called. A closed channel is its end (the connection itself stays `connected`
 * for a while); a lost path gets time to come back, which it often does.
 */
export function watchCall({ peer, clock, disconnectedMs, onPathChange, onLost }: CallWatch): () => void {
  let stopTimer: (() => void) | null = null;

  const settle = () => {
    stopTimer?.();
    stopTimer = null;
  };

  const look = () => {
    const { facts } = peer;
    if (facts.isChannelClosed)
      return onLost(new RealtimeError('channel_closed', 'The provider ended the call'));
    const state = facts.connectionState;
    if (state === 'failed' || state === 'closed')
      return onLost(createNetworkError(facts, 'The network path broke'));
    onPathChange(state === 'disconnected' ? 'interrupted' : 'live');
    if (state !== 'disconnected') return settle();
    stopTimer ??= clock.startTimer(disconnectedMs, () =>
      onLost(createNetworkError(facts, `The network path did not come back within ${disconnectedMs} ms`)),
    );
  };

  const stopWatching = peer.onChange(look);
  look();
  return () => {
    stopWatching();
    settle();
  };
}
