import { RealtimeError } from '../errors.ts';
import type { PeerFacts } from './peer.ts';

/** Why there is no path: a refused TURN credential explains it better than ICE does. */
export function createNetworkError(
  { isTurnUnauthorized }: Readonly<PeerFacts>,
  message: string,
): RealtimeError {
  return isTurnUnauthorized
    ? new RealtimeError('turn_unauthorized', 'The TURN server refused the credential')
    : new RealtimeError('ice_failed', message);
}
