import { RealtimeError } from '../errors.ts';
import { openMicrophone } from '../media/open-microphone.ts';
import type { SessionMedia } from '../media/session-media.ts';
import type { Peer } from '../peer/peer.ts';
import type { Platform } from '../platform/platform.ts';
import type { Cleanup } from './cleanup.ts';

type SwitchOptions = {
  platform: Platform;
  media: SessionMedia;
  cleanup: Cleanup;
  findPeer: () => Peer | null;
};

/**
 * Changes the microphone of a running call; of choices that overlap the last one wins.
 * @throws RealtimeError `microphone_*`, `not_connected`
 */
export function createMicrophoneSwitch({ platform, media, cleanup, findPeer }: SwitchOptions) {
  let choices = 0;
  return async (deviceId: string): Promise<void> => {
    const choice = (choices += 1);
    const stream = await openMicrophone({ deviceId }, platform);
    const sender = findPeer()
      ?.connection.getSenders()
      .find(({ track }) => track?.kind === 'audio');
    const isOutdated = choice !== choices;
    if (!sender || cleanup.isDone || isOutdated) {
      for (const track of stream.getTracks()) track.stop();
      if (isOutdated) return;
      throw new RealtimeError('not_connected', 'There is no call whose microphone could be changed');
    }
    // Taken over first, so that a muted session never sends from an unmuted track.
    const track = media.useMicrophone(stream, true);
    await sender.replaceTrack(track).catch((cause: unknown) => {
      throw new RealtimeError('microphone_failed', 'The call did not take the microphone', { cause });
    });
  };
}
