// From the click to the first sound of the other side, without the time that the person speaks and is waited for:
// click → session.created, plus speech_stopped → first audible sample. One JSON line: {"firstAudioMs": [...]}.
import type { Page } from '@playwright/test';

import { launchBrowser } from './support/browser.ts';
import { signIn } from './support/fixtures.ts';
import { startHost } from './support/host.ts';
import { recordMicrophone } from './support/microphone.ts';
import { tapRemoteAudio } from './support/remote-audio.ts';

type Marks = { click?: number; created?: number; stopped?: number; audible?: number };

declare global {
  interface Window {
    marks: Marks;
  }
}

const CALLS = Number(process.argv[2] ?? '6');
const AUDIBLE = 0.01;

/** Marks the moments as the page itself sees them, on one clock. */
async function markMoments(page: Page): Promise<void> {
  await page.addInitScript((audible) => {
    window.marks = {};
    addEventListener('click', () => (window.marks.click ??= performance.now()), { capture: true });
    const Original = RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Original {
      override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
        const channel = super.createDataChannel(label, options);
        channel.addEventListener('message', ({ data }) => {
          const { type } = JSON.parse(data);
          if (type === 'session.created') window.marks.created ??= performance.now();
          if (type === 'input_audio_buffer.speech_stopped') window.marks.stopped ??= performance.now();
        });
        return channel;
      }
    };
    setInterval(() => {
      const isHeard = window.marks.stopped !== undefined && (window.remoteLevel?.() ?? 0) > audible;
      if (isHeard) window.marks.audible ??= performance.now();
    }, 10);
  }, AUDIBLE);
}

async function measureCall(page: Page): Promise<number> {
  await page.reload();
  const talk = page.getByRole('button', { name: 'Talk', exact: true });
  await talk.waitFor();
  await talk.click();
  await page.waitForFunction(() => window.marks.audible !== undefined, undefined, { polling: 20 });
  const { click = 0, created = 0, stopped = 0, audible = 0 } = await page.evaluate(() => window.marks);
  await page.getByRole('button', { name: 'End call' }).click();
  return Math.round(created - click + (audible - stopped));
}

const host = await startHost();
const browser = await launchBrowser({
  file: recordMicrophone([{ text: 'Can you hear me well today', pauseSeconds: 7 }]),
});
try {
  const page = await browser.newPage();
  await tapRemoteAudio(page);
  await markMoments(page);
  await signIn(page, host);
  const firstAudioMs: number[] = [];
  for (let call = 0; call < CALLS; call += 1) firstAudioMs.push(await measureCall(page));
  process.stdout.write(`${JSON.stringify({ firstAudioMs })}\n`);
} finally {
  await browser.close();
  await host.stop();
}
