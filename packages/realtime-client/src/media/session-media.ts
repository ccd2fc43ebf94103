import { RealtimeError } from '../errors.ts';
import type { Platform } from '../platform/platform.ts';
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

type Input = { stream: MediaStream; track: MediaStreamTrack; isOwned: boolean; meter: LevelMeter | null };

/** The sound of one call, both ways. Made synchronously inside the gesture that starts the call. */
export class SessionMedia {
  readonly #emitter: Emitter<SessionEvents>;
  readonly #cleanup: Cleanup;
  readonly #context: AudioContext | null;
  readonly #output: ReturnType<NonNullable<Platform['createAudioOutput']>> | null;
  #input: Input | null = null;
  #remoteMeter: LevelMeter | null = null;
  #isMuted: boolean;

  constructor({ platform, emitter, cleanup, isMuted, startedMs }: SessionMediaOptions) {
    this.#emitter = emitter;
    this.#cleanup = cleanup;
    this.#isMuted = isMuted;
    this.#output = platform.createAudioOutput?.() ?? null;
    this.#context = platform.createAudioContext?.() ?? null;
    this.#output?.unlock();
    cleanup.add(() => this.#release());
    if (!this.#context) return;
    const read = () => ({
      microphone: this.#input?.meter?.read() ?? null,
      remote: this.#remoteMeter?.read() ?? null,
    });
    const isQuiet = () => this.#isMuted;
    cleanup.add(startLevelSampler({ clock: platform.clock, emitter, read, isMuted: isQuiet, startedMs }));
  }

  /**
   * Takes the stream over (and stops it at the end when `isOwned`); the one before it is let go.
   * @throws RealtimeError `microphone_missing` for a stream without audio
   */
  useMicrophone(stream: MediaStream, isOwned: boolean): MediaStreamTrack {
    const [track] = stream.getAudioTracks();
    if (!track) throw new RealtimeError('microphone_missing', 'The stream has no audio track');
    this.#letGo();
    const meter = this.#cleanup.isDone ? null : this.#measure(stream);
    this.#input = { stream, track, isOwned, meter };
    track.enabled = !this.#isMuted;
    track.addEventListener('ended', () => this.#reportLost(track));
    if (this.#cleanup.isDone) this.#letGo();
    return track;
  }

  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    if (this.#input) this.#input.track.enabled = !isMuted;
  }

  playRemote(stream: MediaStream): void {
    this.#remoteMeter?.close();
    this.#remoteMeter = this.#measure(stream);
    this.#output?.play(stream).catch((cause: unknown) => {
      if (this.#cleanup.isDone) return;
      this.#emitter.emit('playback_blocked', toBlockedError(cause));
    });
  }

  /** @throws RealtimeError `playback_blocked` */
  async resumePlayback(): Promise<void> {
    try {
      await Promise.all([this.#output?.resume(), this.#context?.resume()]);
    } catch (cause) {
      throw toBlockedError(cause);
    }
    this.#emitter.emit('playback_resumed', null);
  }

  /** Unplugged, or taken away by the system; stopping a track ourselves raises no event. */
  #reportLost(track: MediaStreamTrack): void {
    if (this.#input?.track !== track) return;
    const error = new RealtimeError('microphone_failed', 'The microphone stopped; choose another one');
    this.#emitter.emit('warning', { code: 'microphone_lost', error });
  }

  #measure(stream: MediaStream): LevelMeter | null {
    if (!this.#context || this.#context.state === 'closed') return null;
    // Made before the permission, a context starts suspended in some browsers; without a gesture this waits, harmlessly.
    if (this.#context.state !== 'running') this.#context.resume().catch(() => undefined);
    return createLevelMeter(stream, this.#context);
  }

  #letGo(): void {
    if (!this.#input) return;
    const { stream, track, isOwned, meter } = this.#input;
    meter?.close();
    if (isOwned) for (const each of stream.getTracks()) each.stop();
    else track.enabled = true;
    this.#input = null;
  }

  #release(): void {
    this.#letGo();
    this.#remoteMeter?.close();
    this.#output?.close();
    this.#context?.close().catch(() => undefined);
  }
}

function toBlockedError(cause: unknown): RealtimeError {
  return new RealtimeError('playback_blocked', 'The browser wants a gesture before it plays', { cause });
}
