import { expect, type Page } from '@playwright/test';

import { listSeriousViolations } from './support/axe.ts';
import { holdsText } from './support/keys-page.ts';
import { createRealNode } from './support/nodes.ts';
import { test } from './support/operator-page.ts';

async function openNodes(page: Page, search = ''): Promise<void> {
  await page.goto(`/nodes${search}`);
  await page.getByRole('heading', { level: 1, name: 'Nodes' }).waitFor();
}

const rows = (page: Page) => page.getByTestId('node-row');

test('the demo’s nodes are alive, found by filters that live in the address, and say what they are', async ({
  operator: page,
}) => {
  await openNodes(page);
  await page.getByRole('link', { name: 'Nodes', exact: true }).first().waitFor();
  await expect(rows(page).filter({ hasText: 'demo-gateway-paris' })).toContainText(
    /Healthy.*demo.*seconds? ago/s,
  );
  const silent = rows(page).filter({ hasText: 'demo-voice-seoul' });
  await expect(silent).toContainText(/Unreachable.*silent since \w+ \d+/s);
  await expect(rows(page).filter({ hasText: 'demo-gateway-paris' })).not.toContainText('silent since');
  await page.getByRole('button', { name: /^demo-eu-west/ }).click();
  await expect(page).toHaveURL(/region=demo-eu-west/);
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole('combobox', { name: 'Capability' }).selectOption('demo-transcription');
  await expect(page).toHaveURL(/capabilities=demo-transcription/);
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('radio', { name: 'Offline' }).check({ force: true });
  await expect(page.getByText('No nodes match')).toBeVisible();
  await page.getByRole('button', { name: 'Remove the filter Status: Offline' }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('searchbox', { name: 'Search by name or id' }).fill('MONTRÉAL');
  await expect(rows(page)).toHaveCount(1);
  await expect(page).toHaveURL(/\?q=MONTR/);
  await page.goBack();
  await page.goto('/nodes?status=unreachable&type=demo-voice-worker');
  await expect(rows(page)).toHaveText([/demo-voice-seoul/]);
});

test('a card of a narrow screen tells what waits, and since when a node is silent', async ({
  operator: page,
}) => {
  await page.setViewportSize({ width: 375, height: 800 });
  await openNodes(page);
  const cards = page.getByRole('list', { name: 'Nodes, in the order of their ids' }).getByRole('listitem');
  await expect(cards.filter({ hasText: 'demo-gateway-paris' })).toContainText(/Load.*Queue\s*\d+/s);
  await expect(cards.filter({ hasText: 'demo-voice-seoul' })).toContainText(/silent since.*Queue\s*\d+/s);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(375);
  expect(await listSeriousViolations(page)).toEqual([]);
});

test('a machine joins with a token that is shown once, beats, writes, and is put out for good', async ({
  operator: page,
  host,
}) => {
  await page.goto('/registration-tokens');
  await page.getByRole('button', { name: 'Create token' }).click();
  const form = page.getByRole('dialog', { name: 'Create a registration token' });
  await expect(form.getByLabel('Note')).toBeFocused();
  await form.getByLabel('keys:read-for-service').check();
  await page.keyboard.press('Shift+Tab');
  await form.getByLabel('Note').fill('For the worker of this test');
  await page.keyboard.press('Enter');
  const shown = page.getByLabel('Registration token', { exact: true });
  await expect(shown).toBeFocused();
  const secret = await shown.inputValue();
  expect(secret).toMatch(/^ent_[\w-]{43}$/);
  const reveal = page.getByRole('dialog', { name: 'Your new registration token' });
  await expect(reveal.getByText(`REGISTRATION_TOKEN=${secret}`)).toBeVisible();
  expect(await listSeriousViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(reveal.getByText('You won’t see this token again')).toBeVisible();
  await reveal.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(reveal).toBeHidden();
  expect(await holdsText(page, secret)).toBe(false);

  const node = await createRealNode(host, 'worker.e2e:1', { registrationToken: secret });
  await node.beat('ready');
  await node.send(['worker.e2e:1', 'demo-voice-dublin', 'nobody'], 'job.done');
  await page.reload();
  const row = page.getByTestId('registration-token-row').filter({ hasText: 'For the worker of this test' });
  await expect(row).toContainText('Used');
  await row.getByRole('link', { name: 'worker.e2e:1' }).click();
  await page.getByRole('heading', { level: 1, name: node.name }).waitFor();
  await expect(page.getByTestId('fingerprint')).toHaveText(/^([\da-f]{4} ){15}[\da-f]{4}$/);
  await expect(page.getByText('keys:read-for-service')).toBeVisible();
  await expect(page.locator('[data-action="node.register"]')).toBeVisible();

  const messages = page.getByRole('region', { name: 'Messages', exact: true });
  await expect(messages.getByTestId('message-row')).toContainText([
    /job\.done.*worker\.e2e:1.*High.*Waiting/s,
  ]);
  await expect(messages).not.toContainText('between us');
  await node.readAll();
  await messages.getByText('Sent', { exact: true }).first().click();
  await expect(messages.getByTestId('message-row')).toContainText([/read by 1 of 2/]);
  await messages.getByText('Received', { exact: true }).first().click();
  await expect(messages.getByTestId('message-row')).toContainText([/Read/]);
  await page.getByRole('region', { name: 'Heartbeats' }).getByText('Table').click();
  await expect(page.getByRole('cell', { name: 'ready' })).toBeVisible();
  expect(await listSeriousViolations(page)).toEqual([]);

  expect(await node.status()).toBe(200);
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Revoke…' }).click();
  const dialog = page.getByRole('dialog', { name: `Revoke ${node.name}?` });
  await expect(dialog.getByRole('button', { name: 'Revoke node' })).toBeDisabled();
  await dialog.getByRole('textbox').fill(node.name);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Nodes' }).waitFor();
  await expect(rows(page).filter({ hasText: node.name })).toHaveCount(0);
  expect(await node.status()).toBe(401);
});

test('what a node may is changed, its sign-ins are ended, and an unused token is taken back', async ({
  operator: page,
  host,
}) => {
  const node = await createRealNode(host, 'worker-e2e-2');
  await page.goto('/nodes/worker-e2e-2');
  const signIn = page.getByTestId('node-sign-in');
  await expect(signIn).toContainText(['Open']);
  await page.getByRole('button', { name: 'Change…' }).click();
  const scopes = page.getByRole('dialog', { name: `What ${node.name} may do` });
  await scopes.getByLabel('nodes:read', { exact: false }).first().uncheck();
  await scopes.getByRole('button', { name: 'Save' }).click();
  await expect(scopes).toBeHidden();
  expect(await node.status()).toBe(403);
  await expect(page.locator('[data-action="node.set_scopes"]')).toContainText('by Demo operator');
  await signIn.getByRole('button', { name: /^End the sign-in/ }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The sign-in was ended.' })).toBeVisible();
  await expect(signIn).toContainText(['Ended']);

  await page.goto('/registration-tokens');
  await page.getByRole('button', { name: 'Create token' }).first().click();
  await page.getByRole('dialog').getByLabel('Note').fill('Never used');
  await page.keyboard.press('Enter');
  await page.getByLabel('Registration token', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click();
  await page.getByRole('button', { name: 'Revoke the token Never used' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click();
  const row = page.getByTestId('registration-token-row').filter({ hasText: 'Never used' });
  await expect(row).toContainText('Revoked');
  await page.goto('/nodes/nobody-at-all');
  await expect(page.getByRole('link', { name: 'All nodes' }).last()).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('There is no such node');
  await expect(page.getByRole('alert')).not.toContainText('someone else');
});
