import { RealtimeError } from '../errors.ts';
import type { AudioOutput, Platform } from '../platform/platform.ts';
import type { Cleanup } from '../session/cleanup.ts';
import type { Emitter } from '../session/emitter.ts';
import type { SessionEvents } from '../session/events.ts';
import { createLevelMeter } from './level-meter.ts';
import type { LevelMeter } from './level-meter.ts';
import { startLevelSampler } from './level-sampler.ts';

type SessionMediaOptions = {
  platform: Platform;
  emitter: Emitter<SessionEvents>;
  cleanup: Cleanup;
  isMuted: boolean;
  startedMs: number;
};

type Input = { stream: MediaStream; track: MediaStreamTrack; isOwned: boolean };

/** The sound of one call, both ways. Made synchronously inside the gesture that starts the call. */
export class SessionMedia {
  readonly #options: SessionMediaOptions;
  readonly #output: AudioOutput | null;
  #context: AudioContext | null = null;
  #input: Input | null = null;
  #remote: MediaStream | null = null;
  #microphoneMeter: LevelMeter | null = null;
  #remoteMeter: LevelMeter | null = null;
  #isMuted: boolean;

  constructor(options: SessionMediaOptions) {
    this.#options = options;
    this.#isMuted = options.isMuted;
    this.#output = options.platform.createAudioOutput?.() ?? null;
    this.#output?.unlock();
    options.cleanup.add(() => this.#release());
  }

  /**
   * Opens the audio context for the level meters. To be called while the microphone is open, which lets the context run
   * without a gesture, and while the network is being waited for: opening an audio device may take 100 ms.
   */
  startMeters(): void {
    const { platform, emitter, cleanup, startedMs } = this.#options;
    this.#context = openContext(platform);
    if (!this.#context) return;
    if (this.#input) this.#microphoneMeter = this.#measure(this.#input.stream);
    if (this.#remote) this.#remoteMeter = this.#measure(this.#remote);
    const read = () => ({
      microphone: this.#microphoneMeter?.read() ?? null,
      remote: this.#remoteMeter?.read() ?? null,
    });
    const isMuted = () => this.#isMuted;
    cleanup.add(startLevelSampler({ clock: platform.clock, emitter, read, isMuted, startedMs }));
  }

  /**
   * Takes the stream over (and stops it at the end when `isOwned`); the one before it is let go.
   * @throws RealtimeError `microphone_missing` for a stream without audio
   */
  useMicrophone(stream: MediaStream, isOwned: boolean): MediaStreamTrack {
    const [track] = stream.getAudioTracks();
    if (!track) throw new RealtimeError('microphone_missing', 'The stream has no audio track');
    this.#letGo();
    this.#input = { stream, track, isOwned };
    this.#microphoneMeter = this.#measure(stream);
    track.enabled = !this.#isMuted;
    track.addEventListener('ended', () => this.#reportLost(track));
    if (this.#options.cleanup.isDone) this.#letGo();
    return track;
  }

  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    if (this.#input) this.#input.track.enabled = !isMuted;
  }

  playRemote(stream: MediaStream): void {
    const { cleanup, emitter } = this.#options;
    this.#remote = stream;
    this.#remoteMeter?.close();
    this.#remoteMeter = this.#measure(stream);
    this.#output?.play(stream).catch((cause: unknown) => {
      if (!cleanup.isDone) emitter.emit('playback_blocked', toBlockedError(cause));
    });
  }

  /** @throws RealtimeError `playback_blocked` */
  async resumePlayback(): Promise<void> {
    try {
      await Promise.all([this.#output?.resume(), this.#context?.resume()]);
    } catch (cause) {
      throw toBlockedError(cause);
    }
    this.#options.emitter.emit('playback_resumed', null);
  }

  /** Unplugged, or taken away by the system; stopping a track ourselves raises no event. */
  #reportLost(track: MediaStreamTrack): void {
    if (this.#input?.track !== track) return;
    const error = new RealtimeError('microphone_failed', 'The microphone stopped; choose another one');
    this.#options.emitter.emit('warning', { code: 'microphone_lost', error });
  }

  #measure(stream: MediaStream): LevelMeter | null {
    if (!this.#context || this.#options.cleanup.isDone) return null;
    // Without capture or a gesture this waits for one, harmlessly: the meter then reads `null`.
    if (this.#context.state !== 'running') this.#context.resume().catch(() => undefined);
    try {
      return createLevelMeter(stream, this.#context);
    } catch {
      // Firefox refuses a microphone whose sample rate is not the context's; the level is then `null`, the call goes on.
      return null;
    }
  }

  #letGo(): void {
    this.#microphoneMeter?.close();
    this.#microphoneMeter = null;
    if (!this.#input) return;
    const { stream, track, isOwned } = this.#input;
    this.#input = null;
    if (isOwned) for (const each of stream.getTracks()) each.stop();
    else track.enabled = true;
  }

  #release(): void {
    this.#letGo();
    this.#remoteMeter?.close();
    this.#output?.close();
    // It is refused only when the context is closed already.
    this.#context?.close().catch(() => undefined);
  }
}

/** A browser may be out of audio contexts: no reason to refuse a call. */
function openContext({ createAudioContext }: Platform): AudioContext | null {
  try {
    return createAudioContext?.() ?? null;
  } catch {
    return null;
  }
}

function toBlockedError(cause: unknown): RealtimeError {
  return new RealtimeError('playback_blocked', 'The browser wants a gesture before it plays', { cause });
}
