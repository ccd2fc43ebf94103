import { chromium, type Browser } from '@playwright/test';

/** What Playwright turns off, since a switch given twice counts once, and two pages of Chromium's own address bar. */
const OFF = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  // Nobody sees them, and each new window took a third more of the processor to draw them.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
];

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  `--disable-features=${OFF.join(',')}`,
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
