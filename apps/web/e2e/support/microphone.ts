import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Utterance = { text: string; pauseSeconds: number };

const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;

function speak(text: string, file: string): { samples: Buffer; rate: number } {
  execFileSync('espeak-ng', ['-v', 'en-us', '-s', '150', '-a', '180', '-w', file, text]);
  const wav = readFileSync(file);
  return { samples: wav.subarray(HEADER_BYTES), rate: wav.readUInt32LE(24) };
}

function wavHeader(dataBytes: number, rate: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0);
  header.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/**
 * Makes the WAV that Chromium plays as its microphone: a lead-in of silence, then each utterance by espeak-ng with
 * its pause. Chromium plays it in a loop.
 */
export function recordMicrophone(utterances: readonly Utterance[], leadInSeconds = 1): string {
  const folder = mkdtempSync(join(tmpdir(), 'ephemera-mic-'));
  const parts: Buffer[] = [];
  let rate = 0;
  for (const [index, { text, pauseSeconds }] of utterances.entries()) {
    const speech = speak(text, join(folder, `${index}.wav`));
    rate = speech.rate;
    if (index === 0) parts.push(silence(leadInSeconds, rate));
    parts.push(speech.samples, silence(pauseSeconds, rate));
  }
  const data = Buffer.concat(parts);
  const file = join(folder, 'microphone.wav');
  writeFileSync(file, Buffer.concat([wavHeader(data.byteLength, rate), data]));
  return file;
}

function silence(seconds: number, rate: number): Buffer {
  return Buffer.alloc(Math.round(seconds * rate) * BYTES_PER_SAMPLE);
}
