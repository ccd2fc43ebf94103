import { chromium, type Browser } from '@playwright/test';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A machine whose only interface is loopback gathers no candidates without it.
  '--allow-loopback-in-peer-connection',
];

export type Microphone = { file: string } | 'denied';

/** A Chromium whose microphone is a WAV file, or whose permission prompt is refused. */
export async function launchBrowser(microphone: Microphone): Promise<Browser> {
  const media =
    microphone === 'denied'
      ? ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny']
      : [
          '--use-fake-device-for-media-stream',
          '--use-fake-ui-for-media-stream',
          `--use-file-for-fake-audio-capture=${microphone.file}`,
        ];
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, headless: true, args: [...QUIET, ...media] });
}
