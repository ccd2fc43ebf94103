import { RealtimeError } from '../errors.ts';
import { createElementOutput } from './element-output.ts';
import type { Clock, Platform } from './platform.ts';

const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  startTimer(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * The browser's own parts under whatever the caller brings. Globals are looked up here, at the first use, and never at
 * import.
 * @throws RealtimeError `unsupported` without WebRTC, or without microphone access (an insecure page has none)
 */
export function createBrowserPlatform(own: Partial<Platform> = {}): Platform {
  return {
    RTCPeerConnection:
      own.RTCPeerConnection ?? requireGlobal('RTCPeerConnection', globalThis.RTCPeerConnection),
    mediaDevices: own.mediaDevices ?? requireGlobal('mediaDevices', globalThis.navigator?.mediaDevices),
    fetch: own.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    clock: own.clock ?? systemClock,
    createAudioContext: own.createAudioContext === undefined ? findAudioContext() : own.createAudioContext,
    createAudioOutput: own.createAudioOutput === undefined ? findAudioOutput() : own.createAudioOutput,
    createMediaStream: own.createMediaStream ?? ((tracks) => new MediaStream(tracks)),
    addPageCloseListener: own.addPageCloseListener ?? addPageHideListener,
  };
}

function requireGlobal<T>(name: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new RealtimeError('unsupported', `This platform has no ${name}; pass one in options.platform`);
}

function findAudioContext(): Platform['createAudioContext'] {
  return typeof AudioContext === 'undefined' ? null : () => new AudioContext();
}

function findAudioOutput(): Platform['createAudioOutput'] {
  return typeof document === 'undefined' ? null : () => createElementOutput(document.createElement('audio'));
}

function addPageHideListener(listener: () => void): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => {};
  globalThis.addEventListener('pagehide', listener);
  return () => globalThis.removeEventListener('pagehide', listener);
}
