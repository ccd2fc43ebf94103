import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from '@playwright/test';

import { hasSidewaysScroll, listSeriousViolations } from './support/axe.ts';
import { startHost } from './support/host.ts';
import { KEYS, openKeys, openPool, REFRESH_MS, rowOf, SPARE_KEY, test } from './support/keys-page.ts';

test('the filter lives in the address', async ({ pool: { page } }) => {
  await openKeys(page);
  await page.getByText(/^Disabled/).click();
  await expect(page).toHaveURL(/\?state=disabled$/);
  await expect(page.getByText('No keys match')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(/provider-keys$/);
  await page.goto('/provider-keys?provider=gemini&state=active');
  await expect(page.getByTestId('key-row')).toHaveCount(1);
  await expect(page.getByLabel('Provider')).toHaveValue('gemini');
});

test('the menu of a key works with the keyboard alone', async ({ pool: { page } }) => {
  await openKeys(page);
  const trigger = page.getByRole('button', { name: `Actions for ${KEYS.teamA.name}` });
  await trigger.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Test now' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('menuitem', { name: 'Delete…' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(trigger).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Test now' })).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(trigger).toBeFocused();
});

test('the usage of a key is a chart that keys read, and a table', async ({ pool }) => {
  const { page } = pool;
  await page.goto(`/provider-keys/${await pool.idOf(KEYS.teamA.name)}`);
  const chart = page.getByRole('slider', { name: /Requests and errors over 24 hours/ });
  await chart.focus();
  const last = await chart.getAttribute('aria-valuetext');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(chart).not.toHaveAttribute('aria-valuetext', last ?? '');
  await page.getByText('7 days').click();
  await page.getByText('Table', { exact: true }).click();
  const table = page.getByRole('region', { name: 'Requests and errors' }).getByRole('table');
  await expect(table.getByRole('row').nth(28)).toBeVisible();
});

test('a user finds a dead end, no entry in the menu, and nothing is asked in vain', async ({
  browserForKeys,
  pool: { host },
}) => {
  const page = await browserForKeys.newPage({ baseURL: host.url });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('/provider-keys');
  await page.getByRole('button', { name: 'Use Demo user' }).click();
  await expect(page.getByText('This page is for operators')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Provider keys' })).toHaveCount(0);
  expect(asked.filter((url) => url.includes('keys.'))).toEqual([]);
  await page.close();
});

test('a key of the environment is marked, and changed there only', async ({ browserForKeys, pool }) => {
  const host = await startHost({
    OPENAI_BASE_URL: `${pool.host.simulatorUrl}/v1`,
    OPENAI_API_KEY: SPARE_KEY,
  });
  const { page } = await openPool(browserForKeys, host);
  await openKeys(page);
  const row = page.getByTestId('key-row');
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('environment');
  await row.getByRole('button').click();
  for (const action of ['Rotate…', 'Delete…']) {
    const item = page.getByRole('menuitem', { name: action });
    await expect(item).toHaveAttribute('aria-disabled', 'true');
    await expect(item).toContainText('Set by the server’s environment');
  }
  await page.keyboard.press('Escape');
  await row.getByRole('link').click();
  await expect(page.getByText(/Comes from a variable of the server’s environment/)).toBeVisible();
  await page.context().close();
  await host.stop();
});

test('keys under an older keyring version are rewrapped with one press', async ({ browserForKeys }) => {
  const folder = mkdtempSync(join(tmpdir(), 'ephemera-e2e-kept-'));
  const [older, newer] = ['1', '2'].map((digit) => Buffer.from(digit.repeat(32)).toString('base64'));
  const before = await startHost({ KEYRING: `1:${older}` }, { keptFolder: folder });
  await before.stop();
  const host = await startHost({ KEYRING: `2:${newer},1:${older}` }, { keptFolder: folder });
  const { page } = await openPool(browserForKeys, host);
  await openKeys(page);
  await expect(page.getByText('4 keys are still under an older keyring version.')).toBeVisible();
  await page.getByRole('button', { name: 'Rewrap' }).click();
  await expect(page.getByText('All keys are under the newest keyring version.')).toBeVisible();
  await page.context().close();
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('without a keyring the page says what one is and how to make it', async ({ pool: { page } }) => {
  await page.route('**/trpc/keys.list*', async (route) => {
    const response = await route.fetch();
    const text = (await response.text()).replace('"canStore":true', '"canStore":false');
    await route.fulfill({ response, body: text });
  });
  await openKeys(page);
  await expect(page.getByRole('heading', { name: /No keyring is set/ })).toBeVisible();
  await expect(page.getByText('openssl rand -base64 32')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add key' })).toBeDisabled();
});

test('a list that cannot be refreshed stays, dimmed, and says so', async ({ pool: { page } }) => {
  await page.clock.install();
  await openKeys(page);
  await expect(rowOf(page, KEYS.teamA.name)).toBeVisible();
  await page.route('**/trpc/keys.list*', (route) => route.abort());
  await page.clock.fastForward(REFRESH_MS);
  await expect(page.getByText('The list could not be refreshed.')).toBeVisible();
  await expect(rowOf(page, KEYS.teamA.name)).toBeVisible();
  await page.unroute('**/trpc/keys.list*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('The list could not be refreshed.')).toBeHidden();
});

test('a key that does not exist is a plain answer with a way back', async ({ pool: { page } }) => {
  await page.goto('/provider-keys/pkey_nobody');
  await expect(page.getByRole('alert')).toContainText('Not found');
  await page.getByRole('alert').getByRole('link', { name: 'All provider keys' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Provider keys' })).toBeVisible();
});

const LANGUAGES = ['en', 'fr', 'ko'];
const THEMES = ['light', 'dark'];
const looks = THEMES.flatMap((theme) => LANGUAGES.map((language) => ({ theme, language })));

test('the pool in trouble, its menus and its dialogs pass axe in every theme and language', async ({
  pool,
}) => {
  test.setTimeout(180_000);
  const { page, host } = pool;
  for (const { name } of [KEYS.teamA, KEYS.batch])
    await pool.api.keys.disable.mutate({ id: await pool.idOf(name) });
  await host.setFault({
    match: { path: '/v1/realtime/client_secrets', key: KEYS.teamB.secret },
    action: { kind: 'status', status: 401 },
  });
  await expect(host.api.tokens.create.mutate({ session: { type: 'realtime' } })).rejects.toThrow();
  const detail = `/provider-keys/${await pool.idOf(KEYS.teamB.name)}`;
  const check = async (place: string) => {
    expect(await listSeriousViolations(page), place).toEqual([]);
    expect(await hasSidewaysScroll(page), place).toBe(false);
  };
  await openKeys(page);
  for (const [index, { theme, language }] of looks.entries()) {
    await page.evaluate(
      ([storedTheme, storedLocale]) => {
        localStorage.setItem('ephemera.theme', storedTheme ?? '');
        localStorage.setItem('ephemera.locale', storedLocale ?? '');
      },
      [theme, language],
    );
    await page.setViewportSize({ width: index % 2 === 0 ? 375 : 1280, height: 900 });
    const look = `${theme}, ${language}`;
    await page.goto('/provider-keys');
    const list = page.locator('[aria-haspopup=menu]:visible');
    await list.first().click();
    await page.getByRole('menuitem').first().waitFor();
    await check(`menu, ${look}`);
    await page.keyboard.press('Escape');
    await page.locator('main header button').click();
    await page.locator('dialog #add-key').waitFor();
    await page.locator('dialog button[type=submit]').click();
    await page.locator('#add-name-error').waitFor();
    await check(`add, ${look}`);
    await page.keyboard.press('Escape');
    await page.goto(detail);
    await page.locator('[data-action="provider_key.quarantine"]').waitFor();
    await check(`detail, ${look}`);
    await page.locator('main header button').nth(1).click();
    await page.locator('#rotate-key').fill(SPARE_KEY);
    for (const step of ['test', 'overlap', 'summary']) {
      await page.locator('dialog button[type=submit]:enabled').click();
      if (step !== 'test') await check(`rotate, ${step}, ${look}`);
    }
    await page.keyboard.press('Escape');
  }
});
