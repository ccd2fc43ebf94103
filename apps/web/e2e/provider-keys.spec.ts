import { expect } from '@playwright/test';

import {
  chooseAction,
  holdsText,
  KEYS,
  openKeys,
  REFRESH_MS,
  rowOf,
  SPARE_KEY,
  test,
} from './support/keys-page.ts';

const MINT = '/v1/realtime/client_secrets';
const SESSION = { session: { type: 'realtime' } } as const;

test('a key is tested, added and seen in the pool, and its text is nowhere afterwards', async ({ pool }) => {
  const { page } = pool;
  const key = SPARE_KEY;
  await openKeys(page);
  await page.getByRole('button', { name: 'Add key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a provider key' });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await dialog.getByLabel('Name').fill('Spare');
  const field = dialog.getByRole('textbox', { name: 'Key', exact: true });
  await expect(field).toHaveAttribute('type', 'password');
  await expect(field).toHaveAttribute('autocomplete', 'off');
  await field.fill(key);
  await dialog.getByLabel('Limit domain').fill('proj_spare');
  await dialog.getByRole('button', { name: 'Test now' }).click();
  await expect(dialog.getByText(/The key works\. Answered in \d/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Add key' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('status').filter({ hasText: 'Spare is in the pool.' })).toBeVisible();
  const row = rowOf(page, 'Spare');
  await expect(row).toContainText('…ator');
  await expect(row).toContainText('Healthy');
  await expect(row).toContainText('proj_spare');
  expect(await holdsText(page, key)).toBe(false);
});

test('closing the dialog forgets what was typed', async ({ pool: { page } }) => {
  await openKeys(page);
  await page.getByRole('button', { name: 'Add key' }).click();
  await page.getByRole('textbox', { name: 'Key', exact: true }).fill('sk-typed-and-given-up');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Add key' })).toBeFocused();
  expect(await holdsText(page, 'sk-typed-and-given-up')).toBe(false);
  await page.getByRole('button', { name: 'Add key' }).click();
  await expect(page.getByRole('textbox', { name: 'Key', exact: true })).toHaveValue('');
});

test('a wrong key is shown as one, by the provider’s answer or by its shape', async ({ pool: { page } }) => {
  await openKeys(page);
  await page.getByRole('button', { name: 'Add key' }).click();
  const dialog = page.getByRole('dialog');
  const field = dialog.getByRole('textbox', { name: 'Key', exact: true });
  await dialog.getByRole('button', { name: 'Test now' }).click();
  await expect(dialog.getByText('Paste the key.')).toBeVisible();
  await expect(field).toBeFocused();
  await field.fill('sk-nobody-knows-this-one');
  await dialog.getByRole('button', { name: 'Test now' }).click();
  await expect(dialog.getByText('The provider does not accept this key.')).toBeVisible();
  await expect(dialog.getByText(/Status 401, /)).toBeVisible();
  await field.fill('no key at all');
  await expect(dialog.getByText('The provider does not accept this key.')).toBeHidden();
  await dialog.getByLabel('Name').fill('Wrong');
  await dialog.getByRole('button', { name: 'Add key' }).click();
  await expect(dialog.getByText('This does not look like a key of this provider.')).toBeVisible();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toBeFocused();
});

test('a key that is in the pool already is told by its name there', async ({ pool: { page } }) => {
  await openKeys(page);
  await page.getByRole('button', { name: 'Add key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('The same again');
  await dialog.getByRole('textbox', { name: 'Key', exact: true }).fill(KEYS.teamA.secret);
  await dialog.getByRole('button', { name: 'Add key' }).click();
  await expect(dialog.getByRole('alert')).toHaveText(
    `This key is already in the pool as “${KEYS.teamA.name}”.`,
  );
});

test('a rotation leads from the new key over its test to the overlap, and counts the tied sessions', async ({
  pool,
}) => {
  const { page, host } = pool;
  for (const { name } of [KEYS.teamB, KEYS.batch])
    await pool.api.keys.disable.mutate({ id: await pool.idOf(name) });
  const { sessionId } = await host.api.tokens.create.mutate(SESSION);
  await host.api.sessions.reportConnected.mutate({ sessionId, transport: 'webrtc' });

  await openKeys(page);
  await chooseAction(page, KEYS.teamA.name, 'Rotate…');
  const dialog = page.getByRole('dialog', { name: `Rotate “${KEYS.teamA.name}”` });
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByText('Paste the key.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Key', exact: true }).fill(SPARE_KEY);
  await dialog.getByLabel('Name').fill('Team A, renewed');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Step 2 of 4: Test')).toBeFocused();
  await expect(dialog.getByText(/The key works\./)).toBeVisible();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByRole('radio', { name: /1 hour/ }).check();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByText('1 session is still tied to the old key.')).toBeVisible();
  await expect(dialog.getByText(/Drains at /)).toBeVisible();
  await dialog.getByRole('button', { name: 'Rotate', exact: true }).click();
  await expect(dialog.getByText('The new key is in use')).toBeVisible();
  expect(await holdsText(page, SPARE_KEY)).toBe(false);
  await expect(dialog.locator('input')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Done' }).click();

  await expect(rowOf(page, KEYS.teamA.name)).toContainText('Rotating out');
  await expect(rowOf(page, 'Team A, renewed')).toContainText('Healthy');
  await page.getByRole('link', { name: 'Team A, renewed' }).click();
  await expect(page.getByText('Replaces')).toBeVisible();
  await page.getByRole('link', { name: new RegExp(KEYS.teamA.name) }).click();
  await expect(page.getByRole('heading', { level: 1, name: KEYS.teamA.name })).toBeVisible();
  await expect(page.locator('[data-action="provider_key.rotate"]')).toContainText('by Demo operator');
  await expect(page.getByRole('button', { name: 'Rotate…' })).toBeDisabled();
  await host.api.sessions.end.mutate({ sessionId, duration: 0, messageCount: 0, endedBy: 'user' });
});

test('a key that fails its test is only rotated in on a second thought', async ({ pool: { page } }) => {
  await openKeys(page);
  await chooseAction(page, KEYS.batch.name, 'Rotate…');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Key', exact: true }).fill('sk-nobody-knows-this-one');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByText('The provider does not accept this key.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Continue anyway' }).click();
  await dialog.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(dialog.getByText('failed its test')).toBeVisible();
  await dialog.getByRole('button', { name: 'Back' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(rowOf(page, KEYS.batch.name)).toContainText('Healthy');
});

test('draining and deleting ask for the name of the key', async ({ pool: { page } }) => {
  await openKeys(page);
  await chooseAction(page, KEYS.batch.name, 'Drain…');
  const drain = page.getByRole('dialog', { name: `Drain “${KEYS.batch.name}”?` });
  await drain.getByRole('textbox').fill(KEYS.teamA.name);
  await expect(drain.getByRole('button', { name: 'Drain' })).toBeDisabled();
  await drain.getByRole('textbox').fill(KEYS.batch.name);
  await drain.getByRole('button', { name: 'Drain' }).click();
  await expect(drain).toBeHidden();
  await expect(rowOf(page, KEYS.batch.name)).toContainText('Draining');
  await expect(rowOf(page, KEYS.batch.name)).toContainText('no open session left');

  await chooseAction(page, KEYS.batch.name, 'Delete…');
  const remove = page.getByRole('dialog', { name: `Delete “${KEYS.batch.name}”?` });
  await expect(remove.getByRole('button', { name: 'Delete' })).toBeDisabled();
  await remove.getByRole('textbox').fill(KEYS.batch.name);
  await page.keyboard.press('Enter');
  await expect(remove).toBeHidden();
  await expect(rowOf(page, KEYS.batch.name)).toHaveCount(0);
});

test('disabling the last usable key warns, and enabling brings it back', async ({ pool }) => {
  const { page } = pool;
  for (const { name } of [KEYS.teamB, KEYS.batch])
    await pool.api.keys.disable.mutate({ id: await pool.idOf(name) });
  await openKeys(page);
  await chooseAction(page, KEYS.teamA.name, 'Disable…');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('It is the last usable key of OpenAI');
  await dialog.getByRole('textbox').fill(KEYS.teamA.name);
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await expect(rowOf(page, KEYS.teamA.name)).toContainText('Disabled');
  await chooseAction(page, KEYS.teamA.name, 'Enable');
  await expect(rowOf(page, KEYS.teamA.name)).toContainText('Healthy');
});

test('a 401 in a mint quarantines the key, and an open page shows it by itself', async ({ pool }) => {
  const { page, host } = pool;
  await page.clock.install();
  await openKeys(page);
  await expect(rowOf(page, KEYS.teamB.name)).toContainText('Healthy');
  for (const { name } of [KEYS.teamA, KEYS.batch])
    await pool.api.keys.disable.mutate({ id: await pool.idOf(name) });
  await host.setFault({
    match: { path: MINT, key: KEYS.teamB.secret },
    action: { kind: 'status', status: 401 },
  });
  await expect(host.api.tokens.create.mutate(SESSION)).rejects.toThrow();
  await page.clock.fastForward(REFRESH_MS);
  await expect(rowOf(page, KEYS.teamB.name)).toContainText('Invalid');
  await expect(rowOf(page, KEYS.teamB.name)).toContainText('refused by the provider');
  await expect(page.getByTestId('key-alert')).toContainText(
    `${KEYS.teamB.name} was refused by the provider and is out of use.`,
  );
  await chooseAction(page, KEYS.teamB.name, 'Test now');
  await expect(page.getByRole('dialog').getByText(/The key works\./)).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await expect(rowOf(page, KEYS.teamB.name)).toContainText('Healthy');
  await expect(page.getByTestId('key-alert')).toHaveCount(0);
});

test('a rate-limited key counts down', async ({ pool }) => {
  const { page, host } = pool;
  for (const { name } of [KEYS.teamA, KEYS.batch])
    await pool.api.keys.disable.mutate({ id: await pool.idOf(name) });
  await host.setFault({
    times: 0,
    match: { path: MINT, key: KEYS.teamB.secret },
    action: { kind: 'status', status: 429, retryAfterMs: 60_000 },
  });
  await expect(host.api.tokens.create.mutate(SESSION)).rejects.toThrow();
  await openKeys(page);
  const row = rowOf(page, KEYS.teamB.name);
  await expect(row).toContainText(/Cooling down.*rate limited.*until .*\d:\d\d/s);
  const readLeft = async () => {
    const [, minutes, seconds] = /· (\d):(\d\d)/.exec((await row.textContent()) ?? '') ?? [];
    return Number(minutes) * 60 + Number(seconds);
  };
  const before = await readLeft();
  expect(before).toBeGreaterThan(10);
  await expect.poll(readLeft).toBeLessThan(before);
});
