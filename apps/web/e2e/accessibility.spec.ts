import { expect } from '@playwright/test';

import { hasSidewaysScroll, listSeriousViolations } from './support/axe.ts';
import { test } from './support/fixtures.ts';

const LANGUAGES = ['en', 'fr', 'ko'];
const THEMES = ['light', 'dark'];
const WIDTHS = [375, 1280];
/** One that every demo has. */
const DEMO_KEY = 'pkey_00000000000000000000dem001';
const DEMO_ACCESS_KEY = 'key_00000000000000000000dem001';

// Each look by itself, so that both workers take some.
test.describe.configure({ mode: 'parallel' });

const combinations = THEMES.flatMap((theme) => LANGUAGES.map((language) => ({ theme, language })));

for (const { theme, language } of combinations) {
  test(`every page passes axe and fits, ${theme}, ${language}`, async ({ visitor: page, host }) => {
    // Some thirty runs of axe, on a machine that may be busy.
    test.setTimeout(120_000);
    await page.evaluate(
      ([storedTheme, storedLocale]) => {
        localStorage.setItem('ephemera.theme', storedTheme ?? '');
        localStorage.setItem('ephemera.locale', storedLocale ?? '');
      },
      [theme, language],
    );
    const { items } = await host.api.sessions.list.query({ limit: 1 });
    const paths = [
      '/',
      '/welcome',
      '/playground',
      '/sessions',
      `/sessions/${items[0]?.id ?? 'unknown'}`,
      '/provider-keys',
      `/provider-keys/${DEMO_KEY}`,
      '/access-keys',
      `/access-keys/${DEMO_ACCESS_KEY}`,
      '/settings/account',
      '/settings/members',
      '/users',
      `/users/${items[0]?.userId ?? 'unknown'}`,
      '/budgets',
      '/nodes',
      '/nodes/demo-gateway-paris',
      '/registration-tokens',
      '/usage',
      '/audit',
      '/nowhere',
    ];
    for (const path of paths) {
      await page.goto(host.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        expect(await listSeriousViolations(page), `${path} at ${width}`).toEqual([]);
        expect(await hasSidewaysScroll(page), `${path} at ${width}`).toBe(false);
      }
    }
  });
}

test('the sign-in page passes axe in both themes', async ({ speaker, host }) => {
  for (const theme of THEMES) {
    const context = await speaker.newContext({ colorScheme: theme === 'dark' ? 'dark' : 'light' });
    const page = await context.newPage();
    await page.goto(host.url);
    await page.getByLabel('Email').waitFor();
    expect(await listSeriousViolations(page)).toEqual([]);
    await context.close();
  }
});
