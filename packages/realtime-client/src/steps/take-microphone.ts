import { openMicrophone } from '../media/open-microphone.ts';
import type { SessionMedia } from '../media/session-media.ts';
import type { Platform } from '../platform/platform.ts';
import type { MicrophoneChoice } from '../session/options.ts';

type MicrophoneRequest = { choice: MicrophoneChoice; platform: Platform; media: SessionMedia };

export type MicrophoneInput = { stream: MediaStream; track: MediaStreamTrack };

/** Opens the chosen microphone or takes the caller's stream. One that arrives after the end is closed at once. */
export async function takeMicrophone({
  choice,
  platform,
  media,
}: MicrophoneRequest): Promise<MicrophoneInput> {
  const isOwned = !('stream' in choice);
  const stream = isOwned ? await openMicrophone(choice, platform) : choice.stream;
  return { stream, track: media.useMicrophone(stream, isOwned) };
}
