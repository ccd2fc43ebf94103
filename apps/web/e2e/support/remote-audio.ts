import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** Root mean square of what arrives from the other side, measured by an analyser of the test's own. */
    remoteLevel?: () => number;
  }
}

/** Taps every remote track before the page's code runs, so that loudness is measured, not believed. */
export async function tapRemoteAudio(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const Original = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Original {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        this.addEventListener('track', (event) => {
          const context = new AudioContext();
          const analyser = context.createAnalyser();
          context.createMediaStreamSource(new MediaStream([event.track])).connect(analyser);
          const samples = new Float32Array(analyser.fftSize);
          window.remoteLevel = () => {
            analyser.getFloatTimeDomainData(samples);
            return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
          };
        });
      }
    };
  });
}

const AUDIBLE = 0.01;

export async function waitForRemoteAudio(page: Page): Promise<void> {
  await page.waitForFunction((level) => (window.remoteLevel?.() ?? 0) > level, AUDIBLE, { polling: 50 });
}
