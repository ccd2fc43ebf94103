import { expect, type Browser, type Locator, type Page } from '@playwright/test';

import { listSeriousViolations } from './support/axe.ts';
import { test } from './support/fixtures.ts';
import type { Host } from './support/host.ts';
import { computeCode } from './support/totp.ts';

const GRACE = { name: 'Grace', email: 'grace@example.com' };

async function addMember(page: Page, { name, email }: typeof GRACE): Promise<string> {
  await page.goto('/settings/members');
  await page.getByRole('button', { name: 'Add member' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a member' });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Email').fill(email);
  await dialog.getByRole('button', { name: 'Suggest one' }).click();
  const password = (await dialog.locator('code').textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Add member' }).click();
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, email)).toContainText('Developer');
  return password;
}

function rowOf(page: Page, email: string): Locator {
  return page.getByTestId('member-row').filter({ hasText: email });
}

async function choose(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: new RegExp(`^${action}`) }).click();
}

async function typeCredentials(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The owner, in a browser of their own: what a test does to the sign-in is its own affair. */
async function openAsOwner(browser: Browser, host: Host): Promise<Page> {
  const context = await browser.newContext({ baseURL: host.url });
  await context.request.post('/api/auth/sign-in/email', {
    data: host.operator,
    headers: { origin: host.url },
  });
  return context.newPage();
}

async function openLogin(browser: Browser, baseURL: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL })).newPage();
  await page.goto('/login?next=/settings/account');
  await page.getByLabel('Email').waitFor();
  return page;
}

/** Turns the second factor on; resolves with what an app and a drawer would keep. */
async function turnOnSecondFactor(page: Page, password: string): Promise<{ uri: string; codes: string[] }> {
  await page.getByRole('button', { name: 'Turn on…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Turn on the second factor' });
  await dialog.getByRole('textbox').fill(password);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByRole('img', { name: /QR code/ })).toBeVisible();
  const uri = (await dialog.getByRole('link').getAttribute('href')) ?? '';
  await dialog.getByLabel('Code from the app').fill(computeCode(uri, Date.now()));
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  const kept = page.getByRole('dialog', { name: 'Your backup codes' });
  await expect(kept.getByRole('listitem')).toHaveCount(10);
  const codes = await kept.getByRole('listitem').allTextContents();
  await page.keyboard.press('Escape');
  await expect(kept.getByText('You won’t see these codes again')).toBeVisible();
  await kept.getByRole('button', { name: 'Back to the codes' }).click();
  await kept.getByRole('button', { name: 'I have kept them' }).click();
  await kept.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(page.getByRole('region', { name: 'Second factor' })).toContainText('On');
  return { uri, codes };
}

test('a member is added, turns the second factor on, signs in with it, and is let go', async ({
  speaker,
  host,
}) => {
  const owner = await openAsOwner(speaker, host);
  const password = await addMember(owner, GRACE);
  const page = await openLogin(speaker, host.url);
  await typeCredentials(page, GRACE.email, password);
  await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor();
  const { codes } = await turnOnSecondFactor(page, password);
  await page.context().clearCookies();

  const other = await openLogin(speaker, host.url);
  await typeCredentials(other, GRACE.email, password);
  await expect(other.getByRole('heading', { level: 1, name: 'Confirm the sign-in' })).toBeVisible();
  expect(await listSeriousViolations(other)).toEqual([]);
  await other.getByLabel('Code from the app').fill('000000');
  await expect(other.getByText('This code is not right.')).toBeVisible();
  await other.getByRole('button', { name: 'Use a backup code' }).click();
  await expect(other.getByLabel('Backup code')).toBeFocused();
  await other.getByLabel('Backup code').fill(codes[3] ?? '');
  await other.getByRole('button', { name: 'Confirm' }).click();
  await expect(other.getByTestId('sign-in-row')).toHaveCount(2);
  await expect(other.getByText('this browser')).toBeVisible();
  await other.getByTestId('sign-in-row').getByRole('button').click();
  await expect(other.getByTestId('sign-in-row')).toHaveCount(1);
  await expect(other.getByText('this browser')).toBeVisible();

  await owner.reload();
  await expect(rowOf(owner, GRACE.email)).toContainText('On');
  await choose(owner, GRACE.name, 'Disable…');
  await owner.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await expect(rowOf(owner, GRACE.email)).toContainText('Disabled');
  await other.reload();
  await expect(other.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  for (const one of [page, other, owner]) await one.context().close();
});

test('the last owner can neither leave nor be put out', async ({ speaker, host }) => {
  const page = await openAsOwner(speaker, host);
  await page.goto('/settings/members');
  await page.getByRole('button', { name: 'Actions for Demo operator' }).click();
  const item = page.getByRole('menuitem', { name: /^Disable/ });
  await expect(item).toHaveAttribute('aria-disabled', 'true');
  await expect(item).toContainText('The last owner');
  await page.context().close();
});

const REFUSAL = {
  message: 'Sign in again',
  code: -32_003,
  data: { code: 'FORBIDDEN', httpStatus: 403, appCode: 'reauthentication_required', details: {} },
};

test('what needs a fresh sign-in asks for the password and is then done', async ({ speaker, host }) => {
  const page = await openAsOwner(speaker, host);
  await page.goto('/settings/members');
  await page.getByRole('button', { name: 'Actions for Demo user' }).waitFor();
  // Half an hour is not waited for: the first request is answered as it would be then.
  await page.route(
    '**/trpc/members.update**',
    (route) => route.fulfill({ status: 403, json: [{ error: REFUSAL }] }),
    {
      times: 1,
    },
  );
  await choose(page, 'Demo user', 'Edit…');
  const form = page.getByRole('dialog', { name: 'Edit Demo user' });
  await form.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await expect(dialog.getByRole('textbox', { name: 'Password' })).toBeFocused();
  expect(await listSeriousViolations(page)).toEqual([]);
  await dialog.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(dialog.getByText('This is not the password of this account.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Password' }).fill(host.operator.password);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(dialog).toBeHidden();
  await expect(form).toBeHidden();
  await expect(page.getByRole('status').filter({ hasText: 'Demo user is saved.' })).toBeVisible();
  await page.context().close();
});

test('too many wrong passwords lock the sign-in, until a time that is told', async ({ speaker, host }) => {
  const page = await openLogin(speaker, host.url);
  const tries = Array.from({ length: 10 }, () =>
    page.request.post('/api/auth/sign-in/email', {
      data: { email: 'nobody@example.com', password: 'not the password' },
      headers: { origin: host.url },
    }),
  );
  await Promise.all(tries);
  await typeCredentials(page, 'nobody@example.com', 'not the password');
  await expect(page.getByText('Too many wrong tries')).toBeVisible();
  await expect(page.getByText(/Try again at .*, in \d+:\d\d\./)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeDisabled();
  await page.context().close();
});

test('who may not ask for a token sees the playground, and why nothing can be said there', async ({
  speaker,
  host,
}) => {
  const page = await openAsOwner(speaker, host);
  await page.route('**/trpc/me.get*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('"tokens:mint",', '') });
  });
  await page.goto('/playground');
  await expect(page.getByRole('button', { name: 'Talk' })).toBeDisabled();
  await expect(page.getByTestId('call-state')).toHaveText('Your role may look, not talk');
  await page.context().close();
});
