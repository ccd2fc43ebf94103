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

/** What only a live connection holds. The engine frees nothing that JavaScript still refers to, so it is dropped at once. */
type Live = {
  connection: PeerConnection;
  track: Track;
  channel: DataChannel | null;
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
  readonly output: AudioOutput;
  readonly #options: PeerOptions;
  readonly #handlers: PeerHandlers;
  readonly #listener: TrackListener;
  #live: Live | null;

  private constructor(offered: OfferedAudio, options: PeerOptions, handlers: PeerHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    const connection = createConnection(options.udpPort);
    const ssrc = randomInt(1, 0x1_0000_0000);
    const track = connection.addTrack(describeAudio(offered, ssrc));
    const player = new TrackPlayer({ ssrc, payloadType: offered.opusPayloadType }, (packet) =>
      this.#sendPacket(packet),
    );
    this.output = player;
    this.#listener = new TrackListener(offered.opusPayloadType, (pcm) => handlers.onSound(pcm));
    const unsubscribe = options.pacer.subscribe(() => {
      player.tick();
      this.#listener.tick();
    });
    this.#live = { connection, track, channel: null, unsubscribe };
    track.onMessage((data) => this.#listener.receive(data));
    connection.onDataChannel((channel) => this.#adoptChannel(channel));
    connection.onStateChange((state) => {
      if (state === 'closed' || state === 'failed') this.close();
    });
  }

  /**
   * Answers an offer.
   * @throws {InvalidOfferError} when it is no offer that a call can be made of.
   */
  static async answer(
    offer: string,
    options: PeerOptions,
    handlers: PeerHandlers,
  ): Promise<{ peer: Peer; answer: string }> {
    const offered = parseOffer(offer);
    const peer = new Peer(offered, options, handlers);
    try {
      const answer = await peer.#negotiate(dropUnresolvableCandidates(offer));
      return { peer, answer };
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
    this.#handlers.onClosed();
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
      this.#handlers.onOpen();
    };
    channel.onMessage((message) => this.#handlers.onMessage(readText(message)));
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
