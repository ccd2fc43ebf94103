import { expect } from '@playwright/test';

import { launchBrowser } from './support/browser.ts';
import { signIn, test } from './support/fixtures.ts';
import { recordMicrophone } from './support/microphone.ts';

// Longer than the recording below: whenever a machine begins to speak it, someone talks over it.
const LONG_ANSWER = [
  'A lighthouse is a tower that stands at the edge of the sea and shows a bright light to the ships that pass.',
  'For hundreds of years a keeper lived in it, carried the oil up the stairs, and wound the clock that turned the lens.',
  'Today most of them are lit by electricity, and nobody has to stay awake for them, but sailors still look for the light.',
].join(' ');

test('talking over the answer truncates it', async ({ host }) => {
  await host.setScript({ turns: Array.from({ length: 4 }, () => ({ says: LONG_ANSWER })) });
  const file = recordMicrophone([
    { text: 'Tell me something long, please.', pauseSeconds: 2 },
    { text: 'Stop. Stop right there, I have another question.', pauseSeconds: 4 },
  ]);
  const browser = await launchBrowser({ file });
  const page = await browser.newPage();
  await signIn(page, host);
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  const transcript = page.getByRole('log', { name: 'Transcript' });
  await expect(transcript.getByText(/interrupted/).first()).toBeVisible({ timeout: 30_000 });
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByLabel('Filter events').fill('truncated');
  await expect(page.getByRole('tabpanel')).toContainText('conversation.item.truncated');
  await page.getByRole('button', { name: 'End call' }).click();
  await browser.close();
});
