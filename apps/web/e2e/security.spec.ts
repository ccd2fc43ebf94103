import { expect } from '@playwright/test';

import { getNewestSession, signIn, test } from './support/fixtures.ts';

test('no page breaks the content security policy or logs an error', async ({ visitor: page, host }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  for (const path of [
    '/playground',
    '/sessions',
    '/provider-keys',
    '/provider-keys/pkey_00000000000000000000dem001',
    '/access-keys',
    '/settings/account',
    '/settings/members',
  ]) {
    await page.goto(host.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
  }
  await page.goto(`${host.url}/playground`);
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  await page.getByRole('button', { name: 'End call' }).click();
  await expect(page.getByText('Call ended')).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a name that looks like markup is shown as text', async ({ visitor: page, host }) => {
  const id = '<img src=x onerror="document.title=`owned`">';
  const minted = await host.api.tokens.create.mutate({
    session: { type: 'realtime', audio: { output: { voice: { id } } } },
  });
  await page.goto(`${host.url}/sessions/${minted.sessionId}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect(page.getByRole('main')).toContainText('onerror');
  expect(await page.title()).not.toBe('owned');
  expect(await page.locator('main img').count()).toBe(0);
});

test('signing out ends the call, and nothing of the user stays on the page', async ({ speaker, host }) => {
  // A sign-in of its own, since it ends.
  const context = await speaker.newContext({ baseURL: host.url });
  const page = await context.newPage();
  await signIn(page, host);
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  await page.getByRole('button', { name: 'End call' }).waitFor();
  await page
    .getByRole('button', { name: /Account and appearance/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Email')).toBeVisible();
  await expect(page.locator('body')).not.toContainText('Signed in as');
  await signIn(page, host);
  await expect.poll(async () => (await getNewestSession(page)).state).toBe('ended');
  expect((await getNewestSession(page)).reason).toBeNull();
  await context.close();
});

test('leaving the playground during a call asks first', async ({ visitor: page }) => {
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  await page.getByRole('button', { name: 'End call' }).waitFor();
  const questions: string[] = [];
  page.on('dialog', (dialog) => {
    questions.push(dialog.message());
    void (questions.length === 1 ? dialog.dismiss() : dialog.accept());
  });
  await page.getByRole('link', { name: 'Sessions' }).first().click();
  await expect(page.getByRole('button', { name: 'End call' })).toBeVisible();
  await page.getByRole('link', { name: 'Sessions' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sessions' })).toBeVisible();
  expect(questions).toHaveLength(2);
});

test('a double click on Talk starts a call instead of cancelling it', async ({ visitor: page }) => {
  await page.getByRole('button', { name: 'Talk', exact: true }).dblclick();
  await expect(page.getByRole('button', { name: 'End call' })).toBeVisible();
  await page.getByRole('button', { name: 'End call' }).click();
});
