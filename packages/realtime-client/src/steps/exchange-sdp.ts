import { RealtimeError } from '../errors.ts';
import type { Peer } from '../peer/peer.ts';
import { createCallError } from './call-error.ts';

type SdpExchange = {
  peer: Peer;
  offer: string;
  callsUrl: string;
  secret: string;
  /** Whether the secret is past its expiry by the broker's clock. */
  isExpired: () => boolean;
  fetch: typeof fetch;
  signal: AbortSignal;
};

/**
 * Sends the offer to the provider and applies its answer.
 * @returns the provider's call id where the `Location` header is readable
 */
export async function exchangeSdp(exchange: SdpExchange): Promise<string | null> {
  const response = await postOffer(exchange);
  if (!response.ok) throw await createCallError(response, exchange.isExpired());
  const sdp = await readAnswer(response);
  try {
    await exchange.peer.connection.setRemoteDescription({ type: 'answer', sdp });
  } catch (cause) {
    throw new RealtimeError('sdp_invalid', 'The provider answered with an SDP that the browser refuses', {
      cause,
    });
  }
  return response.headers.get('Location')?.split('/').pop() ?? null;
}

async function postOffer({ callsUrl, secret, offer, fetch, signal }: SdpExchange): Promise<Response> {
  try {
    return await fetch(callsUrl, {
      method: 'POST',
      headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/sdp' },
      body: offer,
      signal,
    });
  } catch (cause) {
    throw new RealtimeError('provider_unreachable', 'The provider could not be reached', { cause });
  }
}

async function readAnswer(response: Response): Promise<string> {
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    throw new RealtimeError('provider_unreachable', 'The connection to the provider broke', { cause });
  }
  if (text.startsWith('v=')) return text;
  throw new RealtimeError('sdp_invalid', 'The provider answered with something that is no SDP');
}
