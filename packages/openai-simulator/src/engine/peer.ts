import { randomInt } from 'node:crypto';
import { networkInterfaces } from 'node:os';

import { DATA_CHANNEL_LABEL } from '@ephemera/realtime-protocol';
import { Audio, type DataChannel, PeerConnection, type Track } from 'node-datachannel';

import type { AudioOutput } from '../core/audio-output.ts';
import type { Pacer } from './pacer.ts';
import {
  addLoopbackCandidate,
  chooseBindAddress,
  dropUnresolvableCandidates,
  InvalidOfferError,
  type OfferedAudio,
  parseOffer,
} from './sdp.ts';
import { TrackListener } from './track-listener.ts';
import { TrackPlayer } from './track-player.ts';

export type PeerHandlers = {
  onOpen(): void;
  onMessage(text: string): void;
  onSound(pcm: Int16Array): void;
  onClosed(): void;
};

type Endpoint = { address: string; port: number; type: string };
export type SelectedPair = { local: Endpoint; remote: Endpoint };

export type PeerOptions = { pacer: Pacer; udpPort: number; onTrouble(message: string): void };

/**
 * All that a live connection needs. The engine never releases a callback, so these hold on to the {@link Peer}
 * alone, and closing drops everything behind it at once.
 */
type Live = {
  connection: PeerConnection;
  track: Track;
  channel: DataChannel | null;
  player: TrackPlayer;
  listener: TrackListener;
  handlers: PeerHandlers;
  unsubscribe: () => void;
};

const ANSWER_DIRECTIONS = {
  sendrecv: 'SendRecv',
  sendonly: 'RecvOnly',
  recvonly: 'SendOnly',
  inactive: 'Inactive',
} as const;

const GATHERING_DEADLINE_MS = 5_000;

/** One answered call: a peer connection with an Opus track and the events' data channel. */
export class Peer {
  readonly #options: PeerOptions;
  #live: Live | null;

  private constructor(offered: OfferedAudio, options: PeerOptions, handlers: PeerHandlers) {
    this.#options = options;
    const connection = createConnection(options.udpPort);
    const stream = { ssrc: randomInt(1, 0x1_0000_0000), payloadType: offered.opusPayloadType };
    const track = connection.addTrack(describeAudio(offered, stream.ssrc));
    const player = new TrackPlayer(stream, (packet) => this.#sendPacket(packet));
    const listener = new TrackListener(offered.opusPayloadType, (pcm) => handlers.onSound(pcm));
    const unsubscribe = options.pacer.subscribe(() => {
      player.tick();
      listener.tick();
    });
    this.#live = { connection, track, channel: null, player, listener, handlers, unsubscribe };
    this.#wire(connection, track);
  }

  /**
   * Answers an offer.
   * @throws {InvalidOfferError} when it is no offer that a call can be made of.
   */
  static async answer(
    offer: string,
    options: PeerOptions,
    handlers: PeerHandlers,
  ): Promise<{ peer: Peer; output: AudioOutput; answer: string }> {
    const offered = parseOffer(offer);
    const peer = new Peer(offered, options, handlers);
    try {
      const answer = await peer.#negotiate(dropUnresolvableCandidates(offer));
      const output = peer.#live?.player;
      if (output === undefined) throw new InvalidOfferError('the connection was closed meanwhile');
      return { peer, output, answer };
    } catch (error) {
      peer.close();
      throw error;
    }
  }

  send(text: string): void {
    const channel = this.#live?.channel;
    if (!channel?.isOpen()) return;
    this.#guard('send an event', () => channel.sendMessage(text));
  }

  /** The pair of addresses that carries the call, once ICE has chosen one. */
  findSelectedPair(): SelectedPair | null {
    const pair = this.#live?.connection.getSelectedCandidatePair();
    if (!pair) return null;
    const describe = (side: typeof pair.local) => ({
      address: side.address,
      port: side.port,
      type: side.type,
    });
    return { local: describe(pair.local), remote: describe(pair.remote) };
  }

  /** Closes only the channel, as the provider does when it ends a call. */
  closeChannel(): void {
    const channel = this.#live?.channel;
    if (channel) this.#guard('close the channel', () => channel.close());
  }

  close(): void {
    const live = this.#live;
    if (live === null) return;
    this.#live = null;
    live.unsubscribe();
    const { channel } = live;
    if (channel) this.#guard('close the channel', () => channel.close());
    this.#guard('close the connection', () => live.connection.close());
    live.handlers.onClosed();
  }

  /** Nothing that is captured here but the peer itself may matter: see {@link Live}. */
  #wire(connection: PeerConnection, track: Track): void {
    track.onMessage((data) => this.#live?.listener.receive(data));
    connection.onDataChannel((channel) => this.#adoptChannel(channel));
    connection.onStateChange((state) => {
      if (state === 'closed' || state === 'failed') this.close();
    });
  }

  #negotiate(offer: string): Promise<string> {
    const connection = this.#live?.connection;
    if (connection === undefined) throw new InvalidOfferError('the connection is closed');
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = setTimeout(() => reject(new Error('No candidates within 5 s.')), GATHERING_DEADLINE_MS);
    connection.onGatheringStateChange((state) => {
      const description = state === 'complete' ? connection.localDescription() : null;
      if (description !== null) resolve(addLoopbackCandidate(description.sdp));
    });
    try {
      connection.setRemoteDescription(offer, 'offer');
    } catch (error) {
      reject(new InvalidOfferError(error instanceof Error ? error.message : String(error), { cause: error }));
    }
    return promise.finally(() => clearTimeout(timer));
  }

  #adoptChannel(channel: DataChannel): void {
    if (this.#live === null || channel.getLabel() !== DATA_CHANNEL_LABEL) return;
    this.#live.channel = channel;
    let isOpened = false;
    const open = () => {
      if (isOpened) return;
      isOpened = true;
      this.#live?.handlers.onOpen();
    };
    channel.onMessage((message) => this.#live?.handlers.onMessage(readText(message)));
    channel.onClosed(() => this.close());
    channel.onError((message) => this.#options.onTrouble(`data channel: ${message}`));
    channel.onOpen(open);
    if (channel.isOpen()) open();
  }

  #sendPacket(packet: Buffer): void {
    const track = this.#live?.track;
    if (!track?.isOpen()) return;
    this.#guard('send sound', () => track.sendMessageBinary(packet));
  }

  /** The engine throws at once when the other side closed a moment ago; that must not end the process. */
  #guard(what: string, act: () => unknown): void {
    try {
      act();
    } catch (error) {
      this.#options.onTrouble(`could not ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function createConnection(udpPort: number): PeerConnection {
  const bindAddress = chooseBindAddress(networkInterfaces());
  return new PeerConnection('simulator', {
    iceServers: [],
    ...(bindAddress === undefined ? {} : { bindAddress }),
    ...(udpPort === 0 ? {} : { enableIceUdpMux: true, portRangeBegin: udpPort, portRangeEnd: udpPort }),
  });
}

function describeAudio(offered: OfferedAudio, ssrc: number): Audio {
  const audio = new Audio(offered.mid, ANSWER_DIRECTIONS[offered.direction]);
  audio.addOpusCodec(offered.opusPayloadType);
  audio.addSSRC(ssrc, 'simulator', 'answer', 'answer-audio');
  return audio;
}

const readText = (message: string | Buffer | ArrayBuffer): string =>
  typeof message === 'string' ? message : new TextDecoder().decode(message);
