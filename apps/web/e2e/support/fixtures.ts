import { test as base, type Browser, type BrowserContext, type Page } from '@playwright/test';

import { launchBrowser } from './browser.ts';
import { startHost, type Host, type SessionDetail } from './host.ts';
import { recordMicrophone } from './microphone.ts';

type Cookies = Awaited<ReturnType<BrowserContext['storageState']>>;

type WorkerParts = {
  /** Someone who says one sentence, then waits for the answer; the WAV loops. */
  microphone: string;
  speaker: Browser;
  host: Host;
  /** Of an operator who signed in once, without a page. */
  cookies: Cookies;
};

// oxlint-disable-next-line no-empty-pattern -- because Playwright reads the fixtures' names from this pattern
export async function useHost({}, use: (host: Host) => Promise<void>): Promise<void> {
  const host = await startHost();
  await use(host);
  await host.stop();
}

/** Suites that need a host of their own (a TURN server, another secret) start it themselves. */
export const test = base.extend<{ visitor: Page; calmUpstream: undefined }, WorkerParts>({
  microphone: [
    // oxlint-disable-next-line no-empty-pattern -- because Playwright reads the fixtures' names from this pattern
    async ({}, use) => {
      await use(recordMicrophone([{ text: 'Can you hear me well today', pauseSeconds: 7 }]));
    },
    { scope: 'worker' },
  ],
  speaker: [
    async ({ microphone }, use) => {
      const browser = await launchBrowser({ file: microphone });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  host: [useHost, { scope: 'worker' }],
  cookies: [
    async ({ host, playwright }, use) => {
      const request = await playwright.request.newContext({ baseURL: host.url });
      const headers = { origin: host.url };
      const response = await request.post('/api/auth/sign-in/email', { data: host.operator, headers });
      if (!response.ok()) throw new Error(`The operator could not sign in: ${await response.text()}`);
      await use(await request.storageState());
      await request.dispose();
    },
    { scope: 'worker' },
  ],
  // What one test did to the upstream is not the next one's, whether it asks for a visitor or not.
  calmUpstream: [
    async ({ host }, use) => {
      await host.clearFaults();
      await host.setScript(null);
      await use(undefined);
    },
    { auto: true },
  ],
  visitor: async ({ speaker, host, cookies }, use) => {
    const context = await speaker.newContext({ baseURL: host.url, storageState: cookies });
    const page = await context.newPage();
    await page.goto('/playground');
    await waitForPlayground(page);
    await use(page);
    await context.close();
  },
});

/** As a person does it, by the page. */
export async function signIn(page: Page, host: Host): Promise<void> {
  await page.goto(`${host.url}/playground`);
  await page.getByLabel('Email').fill(host.operator.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(host.operator.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await waitForPlayground(page);
}

async function waitForPlayground(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, name: 'Playground' }).waitFor();
}

/** The newest session in the log, as the operator sees it. */
export async function getNewestSession(page: Page): Promise<SessionDetail> {
  const call = async (procedure: string, input: unknown) =>
    page.evaluate(
      async ([name, json]) => {
        const { token } = await (await fetch('/api/auth/token')).json();
        const query = new URLSearchParams({ input: json ?? '' });
        const response = await fetch(`/trpc/${name}?${query}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        return (await response.json()).result.data;
      },
      [procedure, JSON.stringify(input)],
    );
  const { items } = await call('sessions.list', { limit: 1 });
  return call('sessions.get', { id: items[0].id });
}
