import { expect } from '@playwright/test';

import { listSeriousViolations } from './support/axe.ts';
import { test } from './support/operator-page.ts';

test('keys lead from page to page, and tell themselves', async ({ operator: page }) => {
  await page.goto('/');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page.getByRole('heading', { level: 1, name: 'Access keys' })).toBeFocused();

  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet.getByText('Next or previous row')).toBeVisible();
  expect(await listSeriousViolations(page)).toEqual([]);
  await page.keyboard.press('c');
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();

  await page.keyboard.press('j');
  await expect(page.getByRole('link', { name: 'Demo app' })).toBeFocused();
  await page.keyboard.press('c');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page).toHaveURL(/\/sessions$/);
  const search = page.getByRole('searchbox');
  await search.waitFor();
  await page.keyboard.press('/');
  await expect(search).toBeFocused();
  await page.keyboard.type('gap?');
  await expect(search).toHaveValue('gap?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the palette finds a page by its name, also from within a field', async ({ operator: page }) => {
  await page.goto('/sessions');
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Go to…' });
  const field = palette.getByRole('combobox');
  await expect(field).toBeFocused();
  expect(await listSeriousViolations(page)).toEqual([]);
  await field.fill('bud');
  await expect(palette.getByRole('option')).toHaveText(['Budgets & limits']);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Budgets' })).toBeFocused();

  await page.keyboard.press('Control+k');
  await field.fill('zzz');
  await expect(palette.getByText('No page is called that.')).toBeVisible();
  await field.fill('');
  await page.keyboard.press('ArrowUp');
  await expect(palette.getByRole('option', { selected: true })).toHaveText('Keyboard shortcuts');
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
});

test('single keys can be switched off, and the menu still shows them', async ({ operator: page }) => {
  await page.goto('/sessions');
  await page.getByRole('button', { name: 'Account and appearance' }).click();
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  const single = page.getByRole('checkbox', { name: 'Single-key shortcuts' });
  await single.uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await expect(page.getByRole('dialog', { name: 'Go to…' })).toBeVisible();
});
