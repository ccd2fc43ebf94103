import { Decoder } from '@evan/opus';

import { FRAME_SAMPLES, SAMPLE_RATE } from '../core/vad.ts';
import { parseRtp } from './rtp.ts';

const SILENT_FRAME = new Int16Array(FRAME_SAMPLES);
const QUIET_AFTER_TICKS = 5;

/**
 * Turns the packets of the user's track into sound. A track that sends nothing (muted by removal, a dead device)
 * is silence, not a pause of time: without it a turn would never end.
 */
export class TrackListener {
  readonly #decoder = new Decoder({ channels: 1, sample_rate: SAMPLE_RATE });
  readonly #payloadType: number;
  readonly #onSound: (pcm: Int16Array) => void;
  #ticksSincePacket: number | null = null;

  constructor(payloadType: number, onSound: (pcm: Int16Array) => void) {
    this.#payloadType = payloadType;
    this.#onSound = onSound;
  }

  receive(data: Buffer): void {
    const packet = parseRtp(data);
    if (packet === null || packet.payloadType !== this.#payloadType || packet.payload.length === 0) return;
    this.#ticksSincePacket = 0;
    const bytes = this.#decoder.decode(packet.payload);
    this.#onSound(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1));
  }

  /** Called every 20 ms. */
  tick(): void {
    if (this.#ticksSincePacket === null) return;
    this.#ticksSincePacket += 1;
    if (this.#ticksSincePacket > QUIET_AFTER_TICKS) this.#onSound(SILENT_FRAME);
  }
}
