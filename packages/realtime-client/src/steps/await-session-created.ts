import type { ServerEventOf } from '@ephemera/realtime-protocol';

import { RealtimeError } from '../errors.ts';
import type { Peer } from '../peer/peer.ts';
import { waitForPeer } from '../peer/wait-for-peer.ts';
import type { Emitter } from '../session/emitter.ts';
import type { SessionEvents } from '../session/events.ts';

type Greeting = { peer: Peer; emitter: Emitter<SessionEvents>; created: Promise<unknown> };

/** Waits for the provider's first event. An `error` in its place is a refusal. */
export async function awaitSessionCreated({ peer, emitter, created }: Greeting): Promise<void> {
  const closed = waitForPeer(peer, ({ isChannelClosed }) => {
    if (isChannelClosed)
      throw new RealtimeError('channel_closed', 'The provider closed the call before it began');
    return false;
  });
  let stopListening: (() => void) | undefined;
  const refused = new Promise<never>((_resolve, reject) => {
    stopListening = emitter.on('error', (event) => reject(createRefusal(event)));
  });
  try {
    await Promise.race([created, refused, closed]);
  } finally {
    stopListening?.();
  }
}

function createRefusal({ error }: ServerEventOf<'error'>): RealtimeError {
  const details = { providerCode: error.code ?? undefined };
  return new RealtimeError('call_rejected', `The provider refused the session: ${error.message}`, details);
}
