import { RealtimeError } from '../errors.ts';
import type { RealtimeErrorCode } from '../errors.ts';
import { createBrowserPlatform } from '../platform/browser-platform.ts';
import type { Platform } from '../platform/platform.ts';

type MicrophoneErrorCode = Extract<RealtimeErrorCode, `microphone_${string}`>;

const CODE_OF: Readonly<Record<string, MicrophoneErrorCode>> = {
  NotAllowedError: 'microphone_denied',
  SecurityError: 'microphone_denied',
  PermissionDeniedError: 'microphone_denied',
  NotFoundError: 'microphone_missing',
  OverconstrainedError: 'microphone_missing',
  DevicesNotFoundError: 'microphone_missing',
};

const MESSAGE_OF: Readonly<Record<MicrophoneErrorCode, string>> = {
  microphone_denied: 'The microphone was denied by the person, the browser or the system',
  microphone_missing: 'There is no such microphone',
  microphone_failed: 'The microphone could not be read; another application may be using it',
};

/**
 * Opens a microphone with echo cancellation, noise suppression and gain control. The caller stops its tracks.
 * @throws RealtimeError `microphone_denied`, `microphone_missing`, `microphone_failed`, `unsupported`
 */
export async function openMicrophone(
  { deviceId }: { deviceId?: string } = {},
  platform?: Partial<Platform>,
): Promise<MediaStream> {
  const mediaDevices = platform?.mediaDevices ?? createBrowserPlatform(platform).mediaDevices;
  const audio: MediaTrackConstraints = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
  };
  try {
    return await mediaDevices.getUserMedia({
      audio: deviceId === undefined ? audio : { ...audio, deviceId: { exact: deviceId } },
    });
  } catch (cause) {
    throw toMicrophoneError(cause);
  }
}

function toMicrophoneError(cause: unknown): RealtimeError {
  const name = typeof cause === 'object' && cause !== null && 'name' in cause ? String(cause.name) : '';
  const code = CODE_OF[name] ?? 'microphone_failed';
  return new RealtimeError(code, MESSAGE_OF[code], { cause });
}

export type Microphone = { deviceId: string; label: string };

/**
 * Lists the microphones. Labels (and in some browsers ids) stay empty until the person has granted the permission.
 * @throws RealtimeError `unsupported`
 */
export async function listMicrophones(platform?: Partial<Platform>): Promise<Microphone[]> {
  const mediaDevices = platform?.mediaDevices ?? createBrowserPlatform(platform).mediaDevices;
  const devices = await mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind }) => kind === 'audioinput')
    .map(({ deviceId, label }) => ({ deviceId, label }));
}
