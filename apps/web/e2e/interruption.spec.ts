import { expect } from '@playwright/test';

import { launchBrowser } from './support/browser.ts';
import { signIn, test } from './support/fixtures.ts';
import { recordMicrophone } from './support/microphone.ts';

test('talking over the answer truncates it', async ({ host }) => {
  // The second sentence begins while the answer to the first is still being spoken. The recording goes round: a machine
  // that was too slow to answer in time gets a second chance.
  const file = recordMicrophone([
    { text: 'Tell me something long, please.', pauseSeconds: 2 },
    { text: 'Stop. Stop right there, I have another question.', pauseSeconds: 8 },
  ]);
  const browser = await launchBrowser({ file });
  const page = await browser.newPage();
  await signIn(page, host);
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  const transcript = page.getByRole('log', { name: 'Transcript' });
  await expect(transcript.getByText(/interrupted/).first()).toBeVisible({ timeout: 45_000 });
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByLabel('Filter events').fill('truncated');
  await expect(page.getByRole('tabpanel')).toContainText('conversation.item.truncated');
  await page.getByRole('button', { name: 'End call' }).click();
  await browser.close();
});
