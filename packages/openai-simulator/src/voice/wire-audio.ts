import type { AudioFormat } from '../core/session-config.ts';
import { SAMPLE_RATE } from '../core/vad.ts';
import { decodeG711, encodeG711 } from './g711.ts';
import { resample } from './resample.ts';

const TELEPHONE_RATE = 8_000;

function readPcm16(bytes: Buffer): Int16Array {
  const samples = new Int16Array(bytes.length >> 1);
  for (let index = 0; index < samples.length; index += 1) samples[index] = bytes.readInt16LE(index * 2);
  return samples;
}

function writePcm16(pcm: Int16Array): Buffer {
  const bytes = Buffer.alloc(pcm.length * 2);
  for (const [index, sample] of pcm.entries()) bytes.writeInt16LE(sample, index * 2);
  return bytes;
}

/** Sound of an `input_audio_buffer.append` as mono PCM16 at 24 kHz. */
export function decodeWireAudio(base64: string, format: AudioFormat): Int16Array {
  const bytes = Buffer.from(base64, 'base64');
  if (format.type === 'audio/pcm') return readPcm16(bytes);
  return resample(decodeG711(bytes, format.type), TELEPHONE_RATE, SAMPLE_RATE);
}

/** Mono PCM16 at 24 kHz as the base64 of a `response.output_audio.delta`. */
export function encodeWireAudio(pcm: Int16Array, format: AudioFormat): string {
  if (format.type === 'audio/pcm') return writePcm16(pcm).toString('base64');
  return Buffer.from(encodeG711(resample(pcm, SAMPLE_RATE, TELEPHONE_RATE), format.type)).toString('base64');
}
