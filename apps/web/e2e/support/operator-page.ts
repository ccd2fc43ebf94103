import type { Browser, BrowserContext, Page } from '@playwright/test';

import { launchBrowser } from './browser.ts';
import { test as base } from './fixtures.ts';

type Cookies = Awaited<ReturnType<BrowserContext['storageState']>>;

/** For pages without a call: a browser that has no microphone, and an operator who signed in once, without a page. */
export const test = base.extend<{ operator: Page }, { quiet: Browser; cookies: Cookies }>({
  quiet: [
    // oxlint-disable-next-line no-empty-pattern -- because Playwright reads the fixtures' names from this pattern
    async ({}, use) => {
      const browser = await launchBrowser('denied');
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  cookies: [
    async ({ quiet, host }, use) => {
      const context = await quiet.newContext({ baseURL: host.url });
      const headers = { origin: host.url };
      const response = await context.request.post('/api/auth/sign-in/email', {
        data: host.operator,
        headers,
      });
      if (!response.ok()) throw new Error(`The operator could not sign in: ${await response.text()}`);
      await use(await context.storageState());
      await context.close();
    },
    { scope: 'worker' },
  ],
  operator: async ({ quiet, host, cookies }, use) => {
    const context = await quiet.newContext({ baseURL: host.url, storageState: cookies });
    await use(await context.newPage());
    await context.close();
  },
});
