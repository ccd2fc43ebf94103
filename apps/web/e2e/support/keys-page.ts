import {
  test as base,
  type APIRequestContext,
  type Browser,
  type BrowserContext,
  type Locator,
  type Page,
} from '@playwright/test';
import type { AppRouter, RouterOutputs } from '@ephemera/api';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';

import { launchBrowser } from './browser.ts';
import { startHost, type Host } from './host.ts';

/** The keys of every demo, all of which its simulator accepts. */
export const KEYS = {
  teamA: { name: 'Voice app, team A', secret: 'sk-simulator-team-a-Qm27' },
  teamB: { name: 'Voice app, team B', secret: 'sk-simulator-team-b-x9Lw' },
  batch: { name: 'Night batch', secret: 'sk-simulator-batch-h4Tz' },
} as const;
/** Accepted by the simulator as well, and not in the pool. */
export const SPARE_KEY = 'sk-simulator';

/** How often an open page asks anew. */
export const REFRESH_MS = 5_000;

type OperatorApi = TRPCClient<AppRouter>;
type Key = RouterOutputs['keys']['list']['items'][number];

export type Pool = {
  host: Host;
  /** Signed in as the operator, on no page yet. */
  page: Page;
  /** The API as the operator sees it. */
  api: OperatorApi;
  idOf: (name: string) => Promise<string>;
};

/** The cookies of the sign-in stay in the context, for its pages and for what is asked beside them. */
async function signInOperator(browser: Browser, host: Host): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: host.url });
  const response = await context.request.post('/api/auth/sign-in/email', {
    data: host.operator,
    headers: { origin: host.url },
  });
  if (!response.ok()) throw new Error(`The operator could not sign in: ${await response.text()}`);
  return context;
}

function createOperatorApi(host: Host, request: APIRequestContext): OperatorApi {
  const headers = async () => {
    const { token } = await (await request.get('/api/auth/token')).json();
    return { authorization: `Bearer ${token}` };
  };
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${host.url}/trpc`, headers })] });
}

export async function openPool(browser: Browser, host: Host): Promise<Pool> {
  const context = await signInOperator(browser, host);
  return createPool(host, context);
}

async function createPool(host: Host, context: BrowserContext): Promise<Pool> {
  const api = createOperatorApi(host, context.request);
  return {
    host,
    api,
    page: await context.newPage(),
    async idOf(name) {
      const found = (await api.keys.list.query()).items.find((key) => key.name === name);
      if (found === undefined) throw new Error(`No key is called ${name}`);
      return found.id;
    },
  };
}

async function removeKey(api: OperatorApi, { id, name }: Key): Promise<void> {
  await api.keys.disable.mutate({ id }); // A key in use is not deleted while a call runs on it.
  await api.keys.delete.mutate({ id, confirmName: name });
}

/** What a test did to the keys is undone: those of the demo are there and in use, no other is. */
async function restoreKeys(api: OperatorApi, seeds: readonly Key[]): Promise<void> {
  const { items } = await api.keys.list.query();
  const seedOf = (key: Key) =>
    seeds.find(({ name, lastFour }) => name === key.name && lastFour === key.lastFour);
  for (const key of items.filter((item) => seedOf(item) === undefined)) await removeKey(api, key);
  for (const { id } of items.filter((key) => seedOf(key) && (key.state !== 'active' || key.drainAt !== null)))
    await api.keys.enable.mutate({ id });
  for (const { name, secret } of Object.values(KEYS)) {
    const seed = seeds.find((key) => key.name === name);
    if (seed === undefined) throw new Error(`The demo has no key ${name}`);
    if (items.some((key) => seedOf(key) === seed)) continue;
    const { provider, limitDomain, weight } = seed;
    await api.keys.add.mutate({ provider, name, key: secret, weight, ...(limitDomain && { limitDomain }) });
  }
}

type KeysHost = {
  host: Host;
  cookies: Awaited<ReturnType<BrowserContext['storageState']>>;
  seeds: readonly Key[];
};

/** One host for all: after each test its keys are what they were before. */
export const test = base.extend<{ pool: Pool }, { browserForKeys: Browser; keysHost: KeysHost }>({
  browserForKeys: [
    // oxlint-disable-next-line no-empty-pattern -- because Playwright reads the fixtures' names from this pattern
    async ({}, use) => {
      const browser = await launchBrowser('denied');
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  keysHost: [
    async ({ browserForKeys }, use) => {
      const host = await startHost();
      const context = await signInOperator(browserForKeys, host);
      const { items: seeds } = await createOperatorApi(host, context.request).keys.list.query();
      await use({ host, cookies: await context.storageState(), seeds });
      await context.close();
      await host.stop();
    },
    { scope: 'worker' },
  ],
  pool: async ({ browserForKeys, keysHost: { host, cookies, seeds } }, use) => {
    const context = await browserForKeys.newContext({ baseURL: host.url, storageState: cookies });
    const pool = await createPool(host, context);
    await use(pool);
    await host.clearFaults();
    await restoreKeys(pool.api, seeds);
    await context.close();
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
