import { readFile } from 'node:fs/promises';

import { expect, type Page } from '@playwright/test';

import { hasSidewaysScroll, listSeriousViolations } from './support/axe.ts';
import { test } from './support/operator-page.ts';

async function openAudit(page: Page, search = ''): Promise<void> {
  await page.goto(`/audit${search}`);
  await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
}

const rows = (page: Page) => page.getByTestId('audit-row');

async function download(page: Page, button: string): Promise<string> {
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  return readFile(await (await started).path(), 'utf8');
}

test('a refusal is found by the filters, read in the drawer and left by the keyboard', async ({
  operator: page,
  host,
}) => {
  const headers = { authorization: 'Bearer of-nobody' };
  expect((await fetch(`${host.url}/api/internal/api-keys`, { headers })).status).toBe(401);
  await openAudit(page);
  await expect(page.getByText(/^Verified to #\d/).first()).toBeVisible();
  await page.getByText('Denied', { exact: true }).first().click();
  await expect(page).toHaveURL(/\?result=denied$/);
  await page.getByLabel('Action').selectOption('provider_key.read');
  await expect(page).toHaveURL(/action=provider_key\.read/);

  const link = rows(page).first().getByRole('link');
  await link.click();
  const drawer = page.getByRole('dialog', { name: /^Entry #\d+$/ });
  await expect(drawer.getByText('Request id', { exact: true })).toBeVisible();
  await expect(drawer.getByText('127.0.0.0/24')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await expect(link).toBeFocused();

  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(/\/audit$/);
  const count = await rows(page).count();
  expect(count).toBeGreaterThan(1);
  await rows(page).first().getByRole('link').click();
  const first = await page.getByRole('dialog').getByRole('heading', { level: 2 }).textContent();
  await page.keyboard.press('j');
  await expect(page.getByRole('dialog').getByRole('heading', { level: 2 })).not.toHaveText(first ?? '');
  await page.keyboard.press('k');
  await expect(page.getByRole('dialog').getByRole('heading', { level: 2 })).toHaveText(first ?? '');
  await page.getByRole('dialog').getByRole('button', { name: 'Only this action' }).click();
  await expect(page).toHaveURL(/\/audit\?action=/);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('nothing that fits says so, and an entry opens by its address alone', async ({ operator: page }) => {
  await openAudit(page, '?actor=nobody&entry=1');
  await expect(page.getByText('No entries match')).toBeVisible();
  const drawer = page.getByRole('dialog', { name: 'Entry #1' });
  await expect(drawer.getByText('Request id', { exact: true })).toBeVisible();
  await drawer.getByRole('button', { name: 'Close' }).click();
  await page
    .getByRole('region', { name: /^Entries/ })
    .getByRole('button', { name: 'Clear filters' })
    .click();
  await expect(rows(page).first()).toBeVisible();
});

test('a checkpoint and the entries can be taken along', async ({ operator: page }) => {
  await openAudit(page);
  const checkpoint = JSON.parse(await download(page, 'Download checkpoint'));
  expect(checkpoint).toMatchObject({ seq: expect.any(Number), hash: expect.stringMatching(/^[\da-f]{64}$/) });
  expect(checkpoint.signature.length).toBeGreaterThan(40);
  const lines = (await download(page, 'Export as JSON Lines')).trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line));
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  expect(entries.length).toBeGreaterThanOrEqual(checkpoint.seq);
  await openAudit(page, '?action=account.sign_in');
  const signIns = (await download(page, 'Export as JSON Lines')).trim().split('\n');
  expect(new Set(signIns.map((line) => JSON.parse(line).action))).toEqual(new Set(['account.sign_in']));
});

test('a broken chain is told with where, why and what to do, and reads well in every look', async ({
  operator: page,
}) => {
  await page.route('**/trpc/*audit.status*', async (route) => {
    const response = await route.fetch();
    const broken = { seq: 2, id: null, reason: 'entries_missing' };
    const text = (await response.text())
      .replace('"firstBroken":null', `"firstBroken":${JSON.stringify(broken)}`)
      .replace(/"verifiedTo":\d+/, '"verifiedTo":1');
    await route.fulfill({ response, body: text });
  });
  await openAudit(page);
  const notice = page.getByRole('alert').filter({ hasText: 'The chain is broken at entry #2' });
  await expect(notice).toContainText('Entries before it are gone');
  await expect(notice).toContainText('Everything up to #1 still holds.');
  await expect(page.getByText('Broken at #2').first()).toBeVisible();
  for (const [theme, locale, width, path] of [
    ['light', 'en', 1280, '/audit'],
    ['dark', 'fr', 375, '/audit?entry=1'],
  ] as const) {
    await page.evaluate(
      ([storedTheme, storedLocale]) => {
        localStorage.setItem('ephemera.theme', storedTheme);
        localStorage.setItem('ephemera.locale', storedLocale);
      },
      [theme, locale] as const,
    );
    await page.setViewportSize({ width, height: 900 });
    await page.goto(path);
    await page.getByRole(path === '/audit' ? 'alert' : 'dialog').waitFor();
    expect(await listSeriousViolations(page), `${path}, ${theme}`).toEqual([]);
    expect(await hasSidewaysScroll(page), `${path}, ${theme}`).toBe(false);
  }
});
