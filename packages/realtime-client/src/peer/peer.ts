import { DATA_CHANNEL_LABEL } from '@ephemera/realtime-protocol';

import { RealtimeError } from '../errors.ts';
import type { Platform } from '../platform/platform.ts';

/** What the connection has shown so far. */
export type PeerFacts = {
  connectionState: RTCPeerConnectionState;
  isChannelOpen: boolean;
  isChannelClosed: boolean;
  hasRelayCandidate: boolean;
  isGatheringComplete: boolean;
  /** A TURN server answered 401: wrong, expired or forged credential. */
  isTurnUnauthorized: boolean;
};

type PeerHandlers = {
  onMessage: (text: string) => void;
  onRemoteStream: (stream: MediaStream) => void;
};

/** A peer connection with its data channel, reduced to facts that change. */
export type Peer = {
  readonly connection: RTCPeerConnection;
  readonly facts: Readonly<PeerFacts>;
  /** Calls back after every change; the result stops it. */
  onChange(listener: () => void): () => void;
  /** `false`: the channel is not open, nothing was sent. */
  send(text: string): boolean;
  /** Silent from here on: no handler is called again. */
  close(): void;
};

export type PeerOptions = {
  platform: Pick<Platform, 'RTCPeerConnection' | 'createMediaStream'>;
  configuration: RTCConfiguration;
  handlers: PeerHandlers;
};

export function createPeer({ platform, configuration, handlers }: PeerOptions): Peer {
  const connection = openConnection(platform, configuration);
  const channel = connection.createDataChannel(DATA_CHANNEL_LABEL);
  const listeners = new Set<() => void>();
  let isClosed = false;
  const facts: PeerFacts = {
    connectionState: connection.connectionState,
    isChannelOpen: false,
    isChannelClosed: false,
    hasRelayCandidate: false,
    isGatheringComplete: false,
    isTurnUnauthorized: false,
  };
  const learn = (news: Partial<PeerFacts>) => {
    if (isClosed) return;
    Object.assign(facts, news);
    for (const listener of listeners) listener();
  };

  watchConnection(connection, learn);
  connection.addEventListener('track', ({ streams, track }) => {
    if (!isClosed) handlers.onRemoteStream(streams[0] ?? platform.createMediaStream([track]));
  });
  channel.addEventListener('open', () => learn({ isChannelOpen: true }));
  channel.addEventListener('close', () => learn({ isChannelClosed: true }));
  channel.addEventListener('message', ({ data }) => {
    if (!isClosed) handlers.onMessage(readText(data));
  });

  return {
    connection,
    facts,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    send(text) {
      if (channel.readyState !== 'open') return false;
      channel.send(text);
      return true;
    },
    close() {
      isClosed = true;
      listeners.clear();
      channel.close();
      connection.close();
    },
  };
}

/** The constructor is what checks the ICE servers. */
function openConnection(
  platform: PeerOptions['platform'],
  configuration: RTCConfiguration,
): RTCPeerConnection {
  try {
    return new platform.RTCPeerConnection(configuration);
  } catch (cause) {
    throw new RealtimeError('turn_unavailable', 'The browser refuses the ICE servers', {
      cause,
      step: 'offer',
    });
  }
}

function watchConnection(connection: RTCPeerConnection, learn: (news: Partial<PeerFacts>) => void): void {
  connection.addEventListener('connectionstatechange', () =>
    learn({ connectionState: connection.connectionState }),
  );
  connection.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate === null) learn({ isGatheringComplete: true });
    else if (isRelay(candidate)) learn({ hasRelayCandidate: true });
  });
  connection.addEventListener('icecandidateerror', ({ errorCode }) => {
    if (errorCode === 401) learn({ isTurnUnauthorized: true });
  });
}

/** `type` is missing in some implementations; the candidate line is not. */
function isRelay({ type, candidate }: RTCIceCandidate): boolean {
  return type === 'relay' || / typ relay( |$)/.test(candidate);
}

function readText(data: unknown): string {
  if (typeof data === 'string') return data;
  return data instanceof ArrayBuffer ? new TextDecoder().decode(data) : String(data);
}
