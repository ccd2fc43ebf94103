import type { Browser, Page } from '@playwright/test';

import { launchBrowser } from './browser.ts';
import { test as base } from './fixtures.ts';

/** For pages without a call: a browser that has no microphone. */
export const test = base.extend<{ operator: Page }, { quiet: Browser }>({
  quiet: [
    // oxlint-disable-next-line no-empty-pattern -- because Playwright reads the fixtures' names from this pattern
    async ({}, use) => {
      const browser = await launchBrowser('denied');
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  operator: async ({ quiet, host, cookies }, use) => {
    const context = await quiet.newContext({ baseURL: host.url, storageState: cookies });
    await use(await context.newPage());
    await context.close();
  },
});
