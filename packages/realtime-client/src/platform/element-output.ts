import type { AudioOutput } from './platform.ts';

type PlayingElement = Pick<HTMLAudioElement, 'autoplay' | 'setAttribute' | 'play' | 'pause' | 'srcObject'>;

/** Plays through one audio element, which `unlock` presents to the browser while the person's gesture still counts. */
export function createElementOutput(element: PlayingElement): AudioOutput {
  element.autoplay = true;
  element.setAttribute('playsinline', '');
  return {
    unlock() {
      // With nothing to play yet this never settles, or rejects when the stream is set; only the gesture matters.
      element.play().catch(() => undefined);
    },
    play(stream) {
      element.srcObject = stream;
      return element.play();
    },
    resume: () => element.play(),
    close() {
      element.pause();
      element.srcObject = null;
    },
  };
}
