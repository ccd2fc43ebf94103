import { test as base, type Browser, type Locator, type Page } from '@playwright/test';

import { launchBrowser } from './browser.ts';
import { signIn } from './fixtures.ts';
import { startHost, type Host } from './host.ts';

/** The keys of every demo, all of which its simulator accepts. */
export const KEYS = {
  teamA: { name: 'Voice app, team A', secret: 'sk-simulator-team-a-Qm27' },
  teamB: { name: 'Voice app, team B', secret: 'sk-simulator-team-b-x9Lw' },
  batch: { name: 'Night batch', secret: 'sk-simulator-batch-h4Tz' },
} as const;
/** Accepted by the simulator as well, and not in the pool. */
export const SPARE_KEY = 'sk-simulator';

export type Pool = {
  host: Host;
  /** Signed in as the operator. */
  page: Page;
  /** A mutation as the operator's own page would send it. */
  call: (procedure: string, input: unknown) => Promise<void>;
  idOf: (name: string) => Promise<string>;
};

async function request(page: Page, procedure: string, input: unknown): Promise<unknown> {
  return page.evaluate(
    async ([name, body]) => {
      const { token } = await (await fetch('/api/auth/token')).json();
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const init = body === undefined ? { headers } : { method: 'POST', headers, body };
      const response = await fetch(`/trpc/${name}`, init);
      if (!response.ok) throw new Error(`${name} answered ${response.status}: ${await response.text()}`);
      return (await response.json()).result.data;
    },
    [procedure, input === undefined ? undefined : JSON.stringify(input)] as const,
  );
}

export async function openPool(browser: Browser, host: Host): Promise<Pool> {
  const context = await browser.newContext({ baseURL: host.url });
  const page = await context.newPage();
  await signIn(page, host);
  return {
    host,
    page,
    call: async (procedure, input) => {
      await request(page, procedure, input);
    },
    async idOf(name) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because the answer's shape is the router's
      const list = (await request(page, 'keys.list', undefined)) as { items: { id: string; name: string }[] };
      const found = list.items.find((key) => key.name === name);
      if (found === undefined) throw new Error(`No key is called ${name}`);
      return found.id;
    },
  };
}

/** A pool of its own for every test: what one does to a key must not reach the next. */
export const test = base.extend<{ pool: Pool }, { browserForKeys: Browser }>({
  browserForKeys: [
    // oxlint-disable-next-line no-empty-pattern -- because Playwright reads the fixtures' names from this pattern
    async ({}, use) => {
      const browser = await launchBrowser('denied');
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  pool: async ({ browserForKeys }, use) => {
    const host = await startHost();
    const pool = await openPool(browserForKeys, host);
    await use(pool);
    await pool.page.context().close();
    await host.stop();
  },
});

export async function openKeys(page: Page): Promise<void> {
  await page.goto('/provider-keys');
  await page.getByRole('heading', { level: 1, name: 'Provider keys' }).waitFor();
}

export function rowOf(page: Page, name: string): Locator {
  return page.getByTestId('key-row').filter({ has: page.getByRole('link', { name, exact: true }) });
}

export async function chooseAction(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  // From its beginning: what stands in an item's way is part of its name.
  await page.getByRole('menuitem', { name: new RegExp(`^${action}`) }).click();
}

/** Whether any part of the page still holds a text: its markup, what its fields hold, what it stores. */
export async function holdsText(page: Page, text: string): Promise<boolean> {
  return page.evaluate((wanted) => {
    const fields = [...document.querySelectorAll('input, textarea')];
    const values = fields.map((field) => Reflect.get(field, 'value'));
    const stored = [localStorage, sessionStorage].map((store) => JSON.stringify(Object.entries(store)));
    const everything = [document.documentElement.outerHTML, ...values, ...stored, location.href];
    return everything.some((part) => String(part).includes(wanted));
  }, text);
}
