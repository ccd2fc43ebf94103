import { randomInt } from 'node:crypto';

import { Encoder } from '@evan/opus';

import { type AudioOutput, type Playback, type PlaybackHooks, samplesToMs } from '../core/audio-output.ts';
import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE } from '../core/vad.ts';
import { type RtpStream, writeRtp } from './rtp.ts';

const RTP_TICKS_PER_FRAME = 48 * FRAME_MS;
/** An Opus packet of 20 ms of silence; keeps the track alive between answers. */
const SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);

type Playing = { pcm: Int16Array; offset: number; hooks: PlaybackHooks };

/** Plays answers on an RTP track, 20 ms per tick, with silence in between. */
export class TrackPlayer implements AudioOutput {
  readonly carriage = 'track';
  readonly #encoder = new Encoder({ channels: 1, sample_rate: SAMPLE_RATE, application: 'voip' });
  readonly #stream: RtpStream;
  readonly #send: (packet: Buffer) => void;
  #playing: Playing | null = null;

  constructor(stream: { ssrc: number; payloadType: number }, send: (packet: Buffer) => void) {
    this.#stream = { ...stream, sequence: randomInt(0x10000), timestamp: randomInt(0x1_0000_0000) };
    this.#send = send;
  }

  play(pcm: Int16Array, hooks: PlaybackHooks): Playback {
    const playing = { pcm, offset: 0, hooks };
    this.#playing = playing;
    return {
      playedMs: () => samplesToMs(playing.offset),
      stop: () => {
        if (this.#playing === playing) this.#playing = null;
      },
    };
  }

  tick(): void {
    const playing = this.#playing;
    if (playing === null) {
      this.#sendFrame(SILENCE, false);
      return;
    }
    const isFirst = playing.offset === 0;
    const frame = new Int16Array(FRAME_SAMPLES);
    const chunk = playing.pcm.subarray(playing.offset, playing.offset + FRAME_SAMPLES);
    frame.set(chunk);
    playing.offset += chunk.length;
    if (isFirst) playing.hooks.onStarted();
    this.#sendFrame(this.#encoder.encode(frame), isFirst);
    playing.hooks.onProgress(samplesToMs(playing.offset), chunk);
    if (playing.offset < playing.pcm.length || this.#playing !== playing) return;
    this.#playing = null;
    playing.hooks.onFinished();
  }

  #sendFrame(payload: Uint8Array, isTalkStart: boolean): void {
    this.#send(writeRtp(this.#stream, payload, { isTalkStart, durationTicks: RTP_TICKS_PER_FRAME }));
  }
}
