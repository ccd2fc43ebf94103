import { expect, type Page } from '@playwright/test';

import type { Host } from './support/host.ts';
import { test } from './support/operator-page.ts';

/** What a mint of the demo's user comes to: the code of its refusal, or `ok`. */
async function mint({ api }: Host): Promise<string> {
  const minted = api.tokens.create.mutate({ session: { type: 'realtime' } });
  return minted.then(
    async ({ sessionId }) => {
      await api.sessions.end.mutate({ sessionId, duration: 0, messageCount: 0, endedBy: 'user' });
      return 'ok';
    },
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

async function openDemoUser(page: Page, host: Host): Promise<void> {
  await mint(host);
  await page.goto('/users');
  await page.getByRole('searchbox', { name: 'Search by name or id' }).fill('demo us');
  await expect(page).toHaveURL(/\?q=demo\+us$/);
  await expect(page.getByTestId('user-row')).toHaveCount(1);
  await page.getByRole('link', { name: 'Open user Demo user' }).click();
  await page.getByRole('heading', { level: 1, name: 'Demo user' }).waitFor();
}

test('a user is found, blocked with a reason and let in again', async ({ operator: page, host }) => {
  await openDemoUser(page, host);
  await page.getByRole('button', { name: 'Block…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Block Demo user?' });
  await expect(dialog.getByLabel('Reason')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Say why.')).toBeVisible();
  await dialog.getByLabel('Reason').fill('Shares the account');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This user is blocked: Shares the account')).toBeVisible();
  expect(await mint(host)).toMatch(/blocked/i);
  await page.goto('/users?state=blocked');
  await expect(page.getByTestId('user-row')).toContainText(['Demo user']);
  await page.goBack();
  await page.getByRole('button', { name: 'Unblock' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Demo user may call again.' })).toBeVisible();
  expect(await mint(host)).toBe('ok');
});

test('an own limit takes the place of the default, and gives it back', async ({ operator: page, host }) => {
  await openDemoUser(page, host);
  const row = page.getByRole('row', { name: /^Open sessions at once/ });
  await expect(row).toContainText('default');
  await page.getByRole('button', { name: 'Edit limits' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit limits' });
  await dialog.getByLabel('Open sessions at once').fill('0');
  await dialog.getByRole('button', { name: 'Save limits' }).click();
  await expect(dialog.getByLabel('Open sessions at once')).toBeFocused();
  await expect(dialog.getByText(/^A whole number from 1 to/)).toBeVisible();
  await dialog.getByLabel('Open sessions at once').fill('7');
  await dialog.getByRole('button', { name: 'Save limits' }).click();
  await expect(row).toContainText('7own');
  await page.getByRole('button', { name: 'Reset to default: Open sessions at once' }).click();
  await expect(row).toContainText('default');
  await page.getByRole('button', { name: 'Choose models' }).click();
  await page.getByRole('dialog').getByLabel('gpt-realtime-2.1-mini').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save models' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await mint(host)).toMatch(/model/i);
  await page.getByRole('button', { name: 'Reset to default: Models' }).click();
  await expect(page.getByText('every model')).toBeVisible();
  expect(await mint(host)).toBe('ok');
});

test('an own budget that is used up refuses the next call, warns instead if told to, and is taken away', async ({
  operator: page,
  host,
}) => {
  await openDemoUser(page, host);
  await page.getByRole('button', { name: 'Set an own budget' }).click();
  const dialog = page.getByRole('dialog', { name: 'Budget of Demo user' });
  await dialog.getByRole('button', { name: 'Save budget' }).click();
  await expect(dialog.getByLabel('Amount')).toBeFocused();
  await dialog.getByLabel('Amount').fill('0.01');
  await dialog.getByLabel('Time zone').fill('Europe/Paris');
  await dialog.getByLabel('Period').selectOption('daily');
  await expect(dialog.getByText(/can exceed by at most the maximum length/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Save budget' }).click();
  await expect(page.getByRole('meter', { name: 'Budget of Demo user' })).toBeVisible();
  await expect(
    page.getByText(/^Daily · Refuse new calls · Resets .*, 12:00 AM, Europe\/Paris$/),
  ).toBeVisible();
  expect(await mint(host)).toMatch(/budget/i);
  await page.getByRole('button', { name: 'Edit budget' }).click();
  await dialog.getByText('Warn only').click();
  await dialog.getByRole('button', { name: 'Save budget' }).click();
  await expect(page.getByText(/^Daily · Warn only/)).toBeVisible();
  expect(await mint(host)).toBe('ok');
  await page.getByRole('link', { name: 'Budgets & limits' }).click();
  await page.getByRole('button', { name: 'Remove the budget of Demo user' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove budget' }).click();
  await expect(page.getByTestId('budget-row')).toHaveCount(0);
  await expect(page.getByText('No own budgets')).toBeVisible();
});

test('the project and every user have a budget and limits that an operator sets', async ({
  operator: page,
}) => {
  await page.goto('/budgets');
  const project = page.getByRole('region', { name: 'Whole project' });
  await expect(project).toContainText('No budget is set');
  await project.getByRole('button', { name: /^Set a budget/ }).click();
  await page.getByRole('dialog').getByLabel('Amount').fill('500');
  await page.keyboard.press('Enter');
  await expect(project.getByRole('meter', { name: 'Budget of Whole project' })).toBeVisible();
  await expect(project).toContainText('$500.00');
  await project.getByRole('button', { name: 'Remove the budget of Whole project' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove budget' }).click();
  await expect(project).toContainText('No budget is set');
  const row = page.getByRole('row', { name: /^Longest call/ });
  await page.getByRole('button', { name: 'Edit limits' }).click();
  await page.getByRole('dialog').getByLabel('Longest call').fill('600');
  await page.keyboard.press('Enter');
  await expect(row).toContainText('10 minset here');
  await expect(page.getByText(/at most the maximum length, 10 min\./)).toBeVisible();
  await row.getByRole('button', { name: /^Reset to default/ }).click();
  await expect(row).toContainText('environment');
});
