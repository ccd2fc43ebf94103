/** Time as a parameter. */
export interface Clock {
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /** Milliseconds that never run backwards, for durations. */
  monotonicMs(): number;
  /** Runs `callback` once after `ms`; the result cancels it. */
  startTimer(ms: number, callback: () => void): () => void;
}

/** Where the other side's voice is played. */
export interface AudioOutput {
  /** Called synchronously inside `connect()`, so that a browser counts it as the person's own gesture. */
  unlock(): void;
  /** Rejects with the platform's `NotAllowedError` when autoplay is blocked. */
  play(stream: MediaStream): Promise<void>;
  /** Tries again, inside a new gesture. */
  resume(): Promise<void>;
  close(): void;
}

/**
 * Everything the session takes from its surroundings. A browser needs no options; React Native passes the first two from
 * `react-native-webrtc` and leaves the audio fields `null` (it plays remote audio natively).
 */
export type Platform = {
  RTCPeerConnection: new (configuration?: RTCConfiguration) => RTCPeerConnection;
  mediaDevices: Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices'>;
  fetch: typeof fetch;
  clock: Clock;
  /** `null`: no level meters. */
  createAudioContext: (() => AudioContext) | null;
  /** `null`: the platform plays remote audio by itself. */
  createAudioOutput: (() => AudioOutput) | null;
  /** Wraps a lone remote track when the event carries no stream. */
  createMediaStream: (tracks: MediaStreamTrack[]) => MediaStream;
  /** Calls back when the page goes away for good; the result removes the listener. */
  addPageCloseListener: (listener: () => void) => () => void;
};
