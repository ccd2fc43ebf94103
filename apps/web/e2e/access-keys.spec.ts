import { expect, type Locator, type Page } from '@playwright/test';

import { listSeriousViolations } from './support/axe.ts';
import { holdsText, test } from './support/keys-page.ts';

function rowOf(page: Page, name: string): Locator {
  return page.getByTestId('access-key-row').filter({ has: page.getByRole('link', { name, exact: true }) });
}

async function openKeys(page: Page): Promise<void> {
  await page.goto('/access-keys');
  await page.getByRole('heading', { level: 1, name: 'Access keys' }).waitFor();
}

async function choose(page: Page, label: string, action: string): Promise<void> {
  await page.getByRole('button', { name: label, exact: true }).click();
  await page.getByRole('menuitem', { name: new RegExp(`^${action}`) }).click();
}

/** Creates a key with the keyboard alone; the dialog that shows it stays open. */
async function createKey(page: Page, name: string): Promise<string> {
  const button = page.getByRole('button', { name: 'Create key' });
  await expect(button).toBeEnabled();
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Create an access key' }).getByLabel('Name')).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  const field = page.getByLabel('Access key', { exact: true });
  await expect(field).toBeFocused();
  return field.inputValue();
}

async function closeReveal(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Your new key' });
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(dialog).toBeHidden();
}

async function mintStatus(page: Page, key: string): Promise<number> {
  const response = await page.request.post('/v1/realtime/client_secrets', {
    headers: { authorization: `Bearer ${key}` },
    data: { session: { type: 'realtime' } },
  });
  return response.status();
}

async function confirmByName(dialog: Locator, name: string, submit: string): Promise<void> {
  await expect(dialog.getByRole('button', { name: submit })).toBeDisabled();
  await dialog.getByRole('textbox').fill(name);
  await dialog.getByRole('button', { name: submit }).click();
  await expect(dialog).toBeHidden();
}

test('a key is shown once, mints at once, and is nowhere afterwards', async ({ pool: { page } }) => {
  await openKeys(page);
  const key = await createKey(page, 'Checkout server');
  expect(key).toMatch(/^eph_live_\w{49}$/);
  const dialog = page.getByRole('dialog', { name: 'Your new key' });
  await expect(dialog.getByText(`EPHEMERA_ACCESS_KEY=${key}`)).toBeVisible();
  await expect(dialog.locator('pre')).toContainText(`Authorization: Bearer ${key}`);
  expect(await listSeriousViolations(page)).toEqual([]);
  expect(await mintStatus(page, key)).toBe(200);
  await page.keyboard.press('Escape');
  await expect(dialog.getByText('You won’t see this key again')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog.getByLabel('Access key', { exact: true })).toHaveValue(key);
  await closeReveal(page);
  expect(await holdsText(page, key)).toBe(false);
  await expect(rowOf(page, 'Checkout server')).toContainText(`…${key.slice(-4)}`);
  await expect(rowOf(page, 'Checkout server')).toContainText('Active');
});

test('leaving the page while a key is shown is asked about', async ({ pool: { page } }) => {
  await openKeys(page);
  await createKey(page, 'Left behind');
  const asked = page.waitForEvent('dialog');
  const leaving = page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.accept();
  await leaving;
});

test('a rotated key is accepted beside the new one until its grace is over', async ({ pool: { page } }) => {
  await openKeys(page);
  const old = await createKey(page, 'Rotating');
  await closeReveal(page);
  await choose(page, 'Actions for Rotating', 'Rotate…');
  await page.getByRole('radio', { name: /1 hour/ }).check();
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  const next = await page.getByLabel('Access key', { exact: true }).inputValue();
  await expect(
    page.getByText(/The old secret is accepted until .*, (59:\d\d|1:00:00) from now\./),
  ).toBeVisible();
  await closeReveal(page);
  expect([await mintStatus(page, old), await mintStatus(page, next)]).toEqual([200, 200]);
  const former = rowOf(page, 'Former secret of Rotating');
  await expect(former).toContainText(/In grace.*\d\d:\d\d left/s);
  await choose(page, 'Actions for the former secret of Rotating', 'End grace now…');
  await confirmByName(page.getByRole('dialog', { name: /^End the grace/ }), 'Rotating', 'End grace');
  await expect(former).toHaveCount(0);
  expect([await mintStatus(page, old), await mintStatus(page, next)]).toEqual([401, 200]);
  await page.getByRole('link', { name: 'Rotating', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Rotating' })).toBeVisible();
  await expect(page.locator('[data-action="access_key.rotate"]')).toContainText('by Demo operator');
});

test('a key is disabled, enabled and revoked for good', async ({ pool: { page } }) => {
  await openKeys(page);
  const key = await createKey(page, 'Short lived');
  await closeReveal(page);
  await choose(page, 'Actions for Short lived', 'Disable…');
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await expect(rowOf(page, 'Short lived')).toContainText('Disabled');
  expect(await mintStatus(page, key)).toBe(401);
  await choose(page, 'Actions for Short lived', 'Enable');
  await expect(rowOf(page, 'Short lived')).toContainText('Active');
  expect(await mintStatus(page, key)).toBe(200);
  await choose(page, 'Actions for Short lived', 'Revoke…');
  await confirmByName(page.getByRole('dialog', { name: /^Revoke/ }), 'Short lived', 'Revoke');
  await expect(rowOf(page, 'Short lived')).toHaveCount(0);
  expect(await mintStatus(page, key)).toBe(401);
  await page.getByRole('radio', { name: /^Revoked/ }).check({ force: true });
  await expect(page).toHaveURL(/state=over/);
  await expect(rowOf(page, 'Short lived')).toContainText('Revoked');
});

test('what is wrong with a key is told at its field', async ({ pool: { page } }) => {
  await openKeys(page);
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create an access key' });
  const submit = dialog.getByRole('button', { name: 'Create key' });
  await submit.click();
  await expect(dialog.getByText('Give it a name.')).toBeVisible();
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await dialog.getByLabel('Name').fill('Browser app');
  await dialog.getByText('Models, origins and limits').click();
  await dialog.getByLabel('Origins').fill('http://app.example.com/path');
  await submit.click();
  await expect(dialog.getByText(/Scheme and host only/)).toBeVisible();
  await expect(dialog.getByLabel('Origins')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
