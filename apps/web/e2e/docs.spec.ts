import { expect } from '@playwright/test';

import { test } from './support/fixtures.ts';

const VIEWS = [
  { width: 1_280, height: 900, colorScheme: 'light' },
  { width: 375, height: 800, colorScheme: 'dark' },
] as const;

for (const { width, height, colorScheme } of VIEWS) {
  test(`the API page at ${width} px, ${colorScheme}: it loads nothing from elsewhere and fits`, async ({
    speaker,
    host,
  }) => {
    const context = await speaker.newContext({ viewport: { width, height }, colorScheme });
    const page = await context.newPage();
    const elsewhere: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(host.url).origin) elsewhere.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || /content security policy|trusted/i.test(message.text()))
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));

    await page.goto(`${host.url}/docs`);
    await expect(page.getByRole('heading', { name: 'Ephemera', exact: true })).toBeVisible();
    await page.waitForLoadState('networkidle');

    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(15, 15, 15)' : 'rgb(255, 255, 255)');
    await context.close();
  });
}

test('a call can be tried from the API page, against this deployment', async ({ speaker, host }) => {
  const context = await speaker.newContext({ viewport: { width: 1_280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${host.url}/docs#tag/operations/GET/api/v1/health`);
  await page
    .getByRole('button', { name: /Test Request.*\/api\/v1\/health/ })
    .first()
    .click();
  const answered = page.waitForResponse((response) => response.url() === `${host.url}/api/v1/health`);
  await page.getByRole('button', { name: /^Send/ }).first().click();
  expect((await answered).status()).toBe(200);
  await context.close();
});

test('the document is served as it is checked in', async ({ host }) => {
  const document = await (await fetch(`${host.url}/openapi.json`)).json();
  expect(document.info.title).toBe('Ephemera');
  expect(Object.keys(document.paths)).toContain('/api/v1/messages/send');
});
