import { expect } from '@playwright/test';

import { listSeriousViolations } from './support/axe.ts';
import { test } from './support/own-host.ts';
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
  await expect(page.getByRole('heading', { level: 1, name: 'Get ready for the first call' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Members' }).first()).toBeVisible();
  await page.goto('/');
  const tile = (name: string) =>
    page.getByRole('region', { name: 'Key figures' }).locator('dl > div').filter({ hasText: name });
  await expect(tile('Tokens issued')).toContainText('none was asked for');
  await expect(tile('Time to issue')).toContainText('—');
  await page.goto('/setup');
  await expect(page.getByText('This server has an owner.')).toBeVisible();
  await page.getByRole('link', { name: 'Go to sign-in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await context.close();
  await service.stop();
});

test('four steps lead from the account to the first call; each can be skipped and come back to', async ({
  operator: page,
}) => {
  const step = (name: string) => page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name });
  await page.goto('/');
  await page.getByRole('link', { name: 'Set up step by step' }).click();
  await expect(page.getByText(/^In the pool: /)).toContainText('Voice app, team A');
  await page.getByRole('button', { name: 'Add a key…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a provider key' });
  await expect(dialog.getByRole('button', { name: 'Test now' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Next step' }).click();
  await expect(page).toHaveURL(/step=origins$/);
  await expect(page.getByText(/^ALLOWED_ORIGINS=http:/)).toBeVisible();
  await page.getByLabel('Address of your app').fill('app.example.com');
  await expect(page.getByText('An https address without a path, or http on localhost.')).toBeVisible();
  await page.getByLabel('Address of your app').fill('https://app.example.com');
  await expect(page.getByText('ALLOWED_ORIGINS=https://app.example.com')).toBeVisible();
  expect(await listSeriousViolations(page)).toEqual([]);
  await expect(step('Origins')).toHaveAttribute('aria-current', 'step');
  await expect(step('Limits')).not.toHaveAttribute('aria-current');
  await step('Limits').click();
  await page.getByLabel('Budget of each user, US dollars').fill('nothing');
  await page.getByRole('button', { name: 'Save and go on' }).click();
  await expect(page.getByText('An amount above zero, such as 10 or 0.50.')).toBeVisible();
  await expect(page.getByLabel('Budget of each user, US dollars')).toBeFocused();
  await page.getByLabel('Budget of each user, US dollars').fill('25');
  await page.getByLabel('Longest call, minutes').fill('20');
  await page.getByRole('button', { name: 'Save and go on' }).click();
  await expect(page).toHaveURL(/step=talk$/);
  await step('Limits').click();
  await expect(page.getByLabel('Budget of each user, US dollars')).toHaveValue('25');
  await expect(page.getByLabel('Longest call, minutes')).toHaveValue('20');
  await step('Say hello').click();
  await page.getByRole('link', { name: 'Open the playground' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Playground' })).toBeVisible();
});
