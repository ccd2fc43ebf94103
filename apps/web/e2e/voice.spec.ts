import { expect } from '@playwright/test';

import { getNewestSession, test } from './support/fixtures.ts';
import { tapRemoteAudio, waitForRemoteAudio } from './support/remote-audio.ts';

test('someone speaks and hears an answer, and the session stands in the log', async ({ visitor: page }) => {
  await tapRemoteAudio(page);
  await page.reload();
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  const transcript = page.getByRole('log', { name: 'Transcript' });
  await expect(transcript.locator('[data-role=user]').first()).toContainText(/\w+/, { timeout: 20_000 });
  await waitForRemoteAudio(page);
  await expect(transcript.locator('[data-role=assistant][data-status=final]').first()).toContainText(/\w+/);
  await page.getByRole('tab', { name: 'Latency' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('SDP exchange');
  await page.getByRole('tab', { name: 'Connection' }).click();
  await expect(page.getByRole('tabpanel')).toContainText(/host|srflx|prflx|relay/i);
  await page.getByRole('tab', { name: 'Events' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('session.created');
  await page.getByRole('button', { name: 'End call' }).click();
  await expect(page.getByText('Call ended')).toBeVisible();

  await expect.poll(async () => (await getNewestSession(page)).state).toBe('ended');
  const session = await getNewestSession(page);
  expect(session.endedBy).toBe('user');
  expect(session.durationSeconds).toBeGreaterThan(1);
  expect(session.messageCount).toBeGreaterThanOrEqual(2);
  expect(session.callId).toMatch(/^rtc_/);
  expect(session.icePair).not.toBeNull();
  expect(session.usage).not.toBeNull();
  expect(session).toMatchObject({ costStatus: 'known', costSource: 'responses' });
  expect(session.costMicroUsd).toBeGreaterThan(0);

  await page.getByRole('link', { name: 'View session' }).click();
  await expect(page.getByRole('main')).toContainText('Hung up by the user');
  await expect(page.getByRole('main')).toContainText(session.id);
});

test('a written message is answered aloud', async ({ visitor: page }) => {
  await tapRemoteAudio(page);
  await page.reload();
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  await page.getByRole('button', { name: 'Mute' }).click();
  const message = page.getByLabel('Message to the assistant');
  await message.fill('Please say something about lighthouses.');
  await message.press('Enter');
  const transcript = page.getByRole('log', { name: 'Transcript' });
  await expect(transcript.locator('[data-role=user]')).toContainText('lighthouses');
  await waitForRemoteAudio(page);
  await expect(transcript.locator('[data-role=assistant]').first()).toContainText(/\w+/);
  await page.getByRole('button', { name: 'End call' }).click();
  await expect(page.getByText('Call ended')).toBeVisible();
});

test('closing the tab reports the end', async ({ visitor: page, host }) => {
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  await expect(page.getByRole('button', { name: 'End call' })).toBeVisible();
  await expect.poll(async () => (await getNewestSession(page)).state, { timeout: 15_000 }).toBe('connected');
  const other = await page.context().newPage();
  await other.goto(`${host.url}/sessions`);
  await page.close({ runBeforeUnload: true });
  await expect.poll(async () => (await getNewestSession(other)).state).toBe('ended');
  expect((await getNewestSession(other)).reason).toBe('page_closed');
});
