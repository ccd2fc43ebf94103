import { RealtimeError } from '../errors.ts';
import { createNetworkError } from '../peer/network-error.ts';
import type { Peer } from '../peer/peer.ts';
import { waitForPeer } from '../peer/wait-for-peer.ts';
import type { MicrophoneInput } from './take-microphone.ts';

type OfferRequest = { peer: Peer; microphone: MicrophoneInput; isRelayOnly: boolean };

/**
 * Makes the offer. It leaves at once, without candidates: the provider sees the browser's address when the checks begin.
 * Only with `relay` is the first relay candidate waited for, since without one the call can never connect.
 */
export async function createOffer({ peer, microphone, isRelayOnly }: OfferRequest): Promise<string> {
  const { connection } = peer;
  connection.addTrack(microphone.track, microphone.stream);
  await connection.setLocalDescription(await connection.createOffer());
  if (isRelayOnly) await waitForPeer(peer, hasRelay);
  const sdp = connection.localDescription?.sdp;
  if (!sdp) throw new RealtimeError('protocol', 'The browser made no offer');
  return sdp;
}

function hasRelay(facts: Peer['facts']): boolean {
  if (facts.hasRelayCandidate) return true;
  if (facts.isGatheringComplete) throw createNetworkError(facts, 'No TURN server gave a relay address');
  return false;
}
