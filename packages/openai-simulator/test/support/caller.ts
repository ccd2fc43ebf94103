import { Decoder, Encoder } from '@evan/opus';
import { Audio, type DataChannel, PeerConnection, type Track } from 'node-datachannel';

import { parseRtp, type RtpStream, writeRtp } from '../../src/engine/rtp.ts';
import { dropCandidates } from '../../src/engine/sdp.ts';
import { EventLog } from './event-log.ts';

const PAYLOAD_TYPE = 111;
const FRAME_SAMPLES = 480;
const FRAME_MS = 20;

/** A caller in Node that does what a browser does: one Opus track, one data channel, an offer without candidates. */
export class Caller {
  readonly log = new EventLog();
  readonly #connection = new PeerConnection('caller', { iceServers: [], disableAutoNegotiation: true });
  readonly #track: Track;
  readonly #channel: DataChannel;
  readonly #encoder = new Encoder({ channels: 1, sample_rate: 24_000, application: 'voip' });
  readonly #decoder = new Decoder({ channels: 1, sample_rate: 24_000 });
  readonly #stream: RtpStream = { ssrc: 77, payloadType: PAYLOAD_TYPE, sequence: 1, timestamp: 1 };
  readonly #closed = Promise.withResolvers<void>();
  /** Root mean square of each 20 ms that came in. */
  readonly heard: { atMs: number; rms: number }[] = [];

  constructor() {
    const audio = new Audio('0', 'SendRecv');
    audio.addOpusCodec(PAYLOAD_TYPE);
    audio.addSSRC(this.#stream.ssrc, 'caller', 'microphone', 'microphone-audio');
    this.#track = this.#connection.addTrack(audio);
    this.#track.onMessage((data) => this.#hear(data));
    this.#channel = this.#connection.createDataChannel('oai-events');
    this.#channel.onMessage((message) =>
      this.log.add(typeof message === 'string' ? message : new TextDecoder().decode(message)),
    );
    this.#channel.onClosed(() => this.#closed.resolve());
  }

  /** Resolves when the data channel has closed. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  async offer(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#connection.onLocalDescription((sdp) => resolve(dropCandidates(sdp)));
    this.#connection.setLocalDescription('offer');
    return promise;
  }

  accept(answer: string): void {
    this.#connection.setRemoteDescription(answer, 'answer');
  }

  send(event: object): void {
    this.#channel.sendMessage(JSON.stringify(event));
  }

  /** Speaks in real time. */
  async speak(pcm: Int16Array): Promise<void> {
    const startMs = performance.now();
    for (let offset = 0; offset + FRAME_SAMPLES <= pcm.length; offset += FRAME_SAMPLES) {
      const payload = this.#encoder.encode(pcm.subarray(offset, offset + FRAME_SAMPLES));
      const packet = writeRtp(this.#stream, payload, { isTalkStart: offset === 0, durationTicks: 960 });
      if (this.#track.isOpen()) this.#track.sendMessageBinary(packet);
      const dueMs = startMs + (offset / FRAME_SAMPLES + 1) * FRAME_MS;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
    }
  }

  close(): void {
    this.#connection.close();
  }

  #hear(data: Buffer): void {
    const packet = parseRtp(data);
    if (packet === null || packet.payloadType !== PAYLOAD_TYPE) return;
    const bytes = this.#decoder.decode(packet.payload);
    const pcm = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
    const energy = pcm.reduce((sum, sample) => sum + sample * sample, 0);
    this.heard.push({ atMs: performance.now(), rms: Math.sqrt(energy / Math.max(1, pcm.length)) });
  }
}
