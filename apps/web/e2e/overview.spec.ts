import { expect, type Page } from '@playwright/test';

import { test } from './support/own-host.ts';

const REFRESH_MS = 15_000;

/** With a clock of its own, so that nothing waits for the next rehost. */
async function openOverview(page: Page): Promise<void> {
  await page.clock.install();
  await page.goto('/');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
}

const tile = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Key figures' }).locator('dl > div').filter({ hasText: name });

/** Issued and failed: in the last day as the tile says, and in the running hour as the chart does. */
async function readCounts(page: Page): Promise<{ day: [number, number]; hour: [number, number] }> {
  const chart = page.getByRole('slider', { name: /Tokens issued, refused and failed/ });
  const tileText = await tile(page, 'Tokens issued').innerText();
  const day = /^(\d+)\n[\d.]+% succeeded · (\d+) failed/m.exec(tileText);
  const chartText = (await chart.getAttribute('aria-valuetext')) ?? '';
  const hour = /(\d+) issued, (\d+) failed, 0 refused$/.exec(chartText);
  if (day === null || hour === null) throw new Error(`No counts in “${tileText}”, “${chartText}”.`);
  return { day: [Number(day[1]), Number(day[2])], hour: [Number(hour[1]), Number(hour[2])] };
}

test('the numbers follow what happens, and the first steps tick themselves off', async ({
  operator: page,
  host,
}) => {
  await openOverview(page);
  await expect(page.getByText('1 of 3 steps done')).toBeVisible();
  const { day, hour } = await readCounts(page);
  await expect(tile(page, 'Healthy provider keys')).toContainText('/4');

  await host.api.tokens.create.mutate({ session: { type: 'realtime' } });
  await host.setFault({
    match: { path: '/v1/realtime/client_secrets' },
    action: { kind: 'status', status: 400 },
  });
  await expect(host.api.tokens.create.mutate({ session: { type: 'realtime' } })).rejects.toThrow();
  await host.clearFaults();
  await page.clock.fastForward(REFRESH_MS);
  await expect(page.getByText('2 of 3 steps done')).toBeVisible();
  expect(await readCounts(page)).toEqual({
    day: [day[0] + 1, day[1] + 1],
    hour: [hour[0] + 1, hour[1] + 1],
  });
  await expect(tile(page, 'Time to issue')).toContainText(/[\d.]+ (?:ms|sec)/);
  const errors = page.getByRole('region', { name: 'Errors and refusals' });
  await expect(errors.getByRole('row', { name: /upstream_rejected/ })).toContainText(
    'The provider refused the request',
  );

  await page.getByText('Table', { exact: true }).click();
  const table = page.getByRole('region', { name: 'Tokens by hour' }).getByRole('table');
  await expect(table.getByRole('row')).toHaveCount(25);
});

test('what needs attention leads to where it is mended', async ({ operator: page }) => {
  await page.route('**/trpc/overview.get*', async (route) => {
    const response = await route.fetch();
    const item = { kind: 'no_healthy_key', target: null, name: null, detail: '4', budget: null };
    const text = (await response.text()).replace(
      /"attention":\[[^\]]*\]/,
      `"attention":${JSON.stringify([item])}`,
    );
    await route.fulfill({ response, body: text });
  });
  await openOverview(page);
  const panel = page.getByRole('region', { name: 'Needs attention' });
  await panel.getByRole('link', { name: 'No provider key is usable' }).click();
  await expect(page).toHaveURL(/\/provider-keys$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Provider keys' })).toBeFocused();
});

test('numbers that cannot be refreshed stay, and say so', async ({ operator: page }) => {
  await openOverview(page);
  await expect(tile(page, 'Healthy provider keys')).toBeVisible();
  await page.route('**/trpc/overview.get*', (route) => route.abort());
  await page.clock.fastForward(REFRESH_MS);
  await expect(page.getByText('Not refreshed')).toBeVisible();
  await expect(tile(page, 'Healthy provider keys')).toBeVisible();
  await page.unroute('**/trpc/overview.get*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Not refreshed')).toBeHidden();
});

test('a user comes to the playground, and nothing is asked in vain', async ({ quiet, host }) => {
  const page = await quiet.newPage({ baseURL: host.url });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('/');
  await page.getByRole('button', { name: 'Use Demo user' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Playground' })).toBeVisible();
  await expect(page).toHaveURL(/\/playground$/);
  for (const name of ['Overview', 'Usage & cost', 'Audit log', 'Users', 'Budgets & limits']) {
    await expect(page.getByRole('link', { name })).toHaveCount(0);
  }
  expect(asked.filter((url) => url.includes('overview.'))).toEqual([]);
  await page.close();
});
