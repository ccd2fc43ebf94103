import type { MintedSecret } from '../broker/broker.ts';
import type { SessionMedia } from '../media/session-media.ts';
import { createNetworkError } from '../peer/network-error.ts';
import { createPeer } from '../peer/peer.ts';
import type { Peer } from '../peer/peer.ts';
import type { Platform } from '../platform/platform.ts';
import type { Attempt } from '../session/attempt.ts';
import type { Cleanup } from '../session/cleanup.ts';
import type { Emitter } from '../session/emitter.ts';
import type { SessionEvents, SessionWarning } from '../session/events.ts';
import type { RealtimeSessionOptions } from '../session/options.ts';
import { awaitSessionCreated } from './await-session-created.ts';
import { createOffer } from './create-offer.ts';
import { exchangeSdp } from './exchange-sdp.ts';
import { createChannelTimeoutError, openDataChannel } from './open-data-channel.ts';
import { requestToken } from './request-token.ts';
import { takeMicrophone } from './take-microphone.ts';

export type ConnectContext = {
  options: RealtimeSessionOptions;
  platform: Platform;
  attempt: Attempt;
  media: SessionMedia;
  cleanup: Cleanup;
  emitter: Emitter<SessionEvents>;
  onMinted: (secret: MintedSecret) => void;
  onMessage: (text: string) => void;
  isSecretExpired: () => boolean;
  warn: (warning: SessionWarning) => void;
};

export type Connection = { peer: Peer; callId: string | null };

/** From a click to a call: the six steps, in order. */
export async function runConnectSteps(context: ConnectContext): Promise<Connection> {
  const { attempt, options, platform, media, emitter, onMinted, warn } = context;
  const created = new Promise<unknown>((resolve) => emitter.on('session.created', resolve));

  const { secret, iceServers } = await attempt.run('token', () =>
    requestToken({ options, clock: platform.clock, onMinted, warn }),
  );
  const microphone = await attempt.run('microphone', () =>
    takeMicrophone({ choice: options.microphone ?? {}, platform, media }),
  );
  const isRelayOnly = options.iceTransportPolicy === 'relay';
  const peer = openPeer(context, iceServers);
  const offer = await attempt.run(
    'offer',
    () => createOffer({ peer, microphone, isRelayOnly }),
    isRelayOnly
      ? { timeoutError: () => createNetworkError(peer.facts, 'No TURN server answered in time') }
      : {},
  );
  const callId = await attempt.run('sdp_exchange', () => {
    const exchanging = exchangeSdp({
      peer,
      offer,
      callsUrl: secret.callsUrl,
      secret: secret.value,
      isExpired: context.isSecretExpired,
      fetch: platform.fetch,
      signal: attempt.signal,
    });
    media.startMeters();
    return exchanging;
  });
  await attempt.run('data_channel', () => openDataChannel(peer), {
    timeoutError: () => createChannelTimeoutError(peer),
  });
  await attempt.run('session_created', () => awaitSessionCreated({ peer, emitter, created }));
  return { peer, callId };
}

function openPeer(
  { platform, options, media, cleanup, onMessage }: ConnectContext,
  iceServers: RTCIceServer[],
): Peer {
  const peer = createPeer({
    platform,
    configuration: { iceServers, iceTransportPolicy: options.iceTransportPolicy ?? 'all' },
    handlers: { onMessage, onRemoteStream: (stream) => media.playRemote(stream) },
  });
  cleanup.add(() => peer.close());
  return peer;
}
