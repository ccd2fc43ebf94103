import { expect } from '@playwright/test';

import { listSeriousViolations } from './support/axe.ts';
import { test } from './support/fixtures.ts';
import { startService } from './support/service.ts';

test('the first start leads to the set-up, which works once and leads into the app', async ({ speaker }) => {
  const service = await startService();
  const context = await speaker.newContext({ baseURL: service.url });
  const page = await context.newPage();
  await page.goto('/sessions');
  await expect(page.getByRole('heading', { level: 1, name: 'Set up Ephemera' })).toBeVisible();
  expect(await listSeriousViolations(page)).toEqual([]);
  const submit = page.getByRole('button', { name: 'Create the owner’s account' });
  await page.getByLabel('Set-up token').fill('not the token');
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByRole('textbox', { name: 'Password' }).fill('short');
  await submit.click();
  await expect(page.getByText('At least 12 characters.', { exact: true })).toBeVisible();
  await page.getByRole('textbox', { name: 'Password' }).fill('four words in a row');
  await submit.click();
  await expect(page.getByText('This is not the set-up token of this server.')).toBeVisible();
  await expect(page.getByLabel('Set-up token')).toBeFocused();
  await page.getByLabel('Set-up token').fill(service.setupToken);
  await submit.click();
  await expect(page.getByRole('link', { name: 'Members' }).first()).toBeVisible();
  await page.goto('/setup');
  await expect(page.getByText('This server has an owner.')).toBeVisible();
  await page.getByRole('link', { name: 'Go to sign-in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await context.close();
  await service.stop();
});
