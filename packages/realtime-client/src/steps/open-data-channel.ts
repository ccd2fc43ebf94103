import { RealtimeError } from '../errors.ts';
import { createNetworkError } from '../peer/network-error.ts';
import type { Peer } from '../peer/peer.ts';
import { waitForPeer } from '../peer/wait-for-peer.ts';

/** Waits for ICE, DTLS and the channel. The deadline is the step's: a browser may stay `new` for ever. */
export async function openDataChannel(peer: Peer): Promise<void> {
  await waitForPeer(peer, (facts) => {
    if (facts.isChannelClosed)
      throw new RealtimeError('channel_closed', 'The provider closed the call before it began');
    if (facts.connectionState === 'failed')
      throw createNetworkError(facts, 'No network path to the provider');
    return facts.isChannelOpen;
  });
}

/** What it means that the channel did not open in time. */
export function createChannelTimeoutError({ facts }: Peer): RealtimeError {
  return facts.connectionState === 'connected'
    ? new RealtimeError('timeout', 'The data channel did not open in time')
    : createNetworkError(facts, 'No network path to the provider was found in time');
}
