import type { Platform } from '../src/index.ts';
import { fakeAs } from './fake-as.ts';

class FakeTrack extends EventTarget {
  readonly kind = 'audio';
  enabled = true;
  isStopped = false;

  stop(): void {
    this.isStopped = true;
  }
}

export type FakeStream = MediaStream & { readonly fakeTrack: FakeTrack };

export function createFakeStream(): FakeStream {
  const fakeTrack = new FakeTrack();
  const tracks = () => [fakeTrack];
  return fakeAs({ fakeTrack, getTracks: tracks, getAudioTracks: tracks });
}

export function createDevices(getUserMedia: () => Promise<MediaStream>): Platform['mediaDevices'] {
  return { getUserMedia, enumerateDevices: () => Promise.resolve([]) };
}

class FakeAnalyser {
  readonly #loudness: ReadonlyMap<MediaStream, number>;
  #stream: MediaStream | null = null;

  constructor(loudness: ReadonlyMap<MediaStream, number>) {
    this.#loudness = loudness;
  }

  listenTo(stream: MediaStream): void {
    this.#stream = stream;
  }

  getFloatTimeDomainData(samples: Float32Array): void {
    samples.fill((this.#stream && this.#loudness.get(this.#stream)) ?? 0);
  }

  disconnect(): void {
    this.#stream = null;
  }
}

/** An audio context whose analysers all hear `loudness`, per stream. */
export class FakeAudioContext {
  state: AudioContextState = 'running';
  readonly loudness = new Map<MediaStream, number>();

  createMediaStreamSource(stream: MediaStream): object {
    return { connect: (analyser: FakeAnalyser) => analyser.listenTo(stream), disconnect() {} };
  }

  createAnalyser(): FakeAnalyser {
    return new FakeAnalyser(this.loudness);
  }

  resume(): Promise<void> {
    this.state = 'running';
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.state = 'closed';
    return Promise.resolve();
  }
}

export class FakeAudioOutput {
  readonly calls: string[] = [];
  isBlocked = false;

  unlock(): void {
    this.calls.push('unlock');
  }

  play(): Promise<void> {
    this.calls.push('play');
    return this.#answer();
  }

  resume(): Promise<void> {
    this.calls.push('resume');
    return this.#answer();
  }

  close(): void {
    this.calls.push('close');
  }

  #answer(): Promise<void> {
    return this.isBlocked
      ? Promise.reject(new DOMException('no gesture', 'NotAllowedError'))
      : Promise.resolve();
  }
}
