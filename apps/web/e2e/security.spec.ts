import { expect } from '@playwright/test';

import { test } from './support/fixtures.ts';

test('no page breaks the content security policy or logs an error', async ({ visitor: page, host }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  for (const path of ['/playground', '/sessions']) {
    await page.goto(host.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
  }
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
