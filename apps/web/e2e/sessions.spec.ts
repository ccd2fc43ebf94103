import { expect, type Page } from '@playwright/test';

import type { Host } from './support/host.ts';
import { test } from './support/operator-page.ts';

const REFRESH_MS = 5_000;

async function connect({ api }: Host): Promise<string> {
  const { sessionId } = await api.tokens.create.mutate({ session: { type: 'realtime' } });
  await api.sessions.reportConnected.mutate({ sessionId, transport: 'webrtc' });
  return sessionId;
}

async function reportResponse({ api }: Host, sessionId: string, eventId: string): Promise<void> {
  const usage = {
    total_tokens: 1_800,
    input_tokens: 1_000,
    input_token_details: {
      text_tokens: 200,
      audio_tokens: 800,
      cached_tokens: 300,
      cached_tokens_details: { text_tokens: 100, audio_tokens: 200 },
    },
    output_tokens: 800,
    output_token_details: { text_tokens: 100, audio_tokens: 700 },
  };
  await api.sessions.reportUsage.mutate({ sessionId, events: [{ eventId, kind: 'response', usage }] });
}

async function openSessions(page: Page, search = ''): Promise<void> {
  await page.goto(`/sessions${search}`);
  await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
}

const rows = (page: Page) => page.getByTestId('session-row');
const rowOf = (page: Page, id: string) => page.locator(`[data-testid=session-row][data-row-id=${id}]`);

test('a running call is marked, ticks, says how long it may go on, and is gone from the open ones at its end', async ({
  operator: page,
  host,
}) => {
  const id = await connect(host);
  await page.clock.install();
  await openSessions(page, '?state=open');
  const row = rowOf(page, id);
  await expect(row).toContainText('Running now.');
  await expect(row).toContainText(/\d:\d\d:?\d* left/);
  const before = await row.textContent();
  await page.clock.runFor(2_000);
  await expect(row).not.toHaveText(before ?? '');
  await expect(row.getByText('Not known yet')).toBeAttached();
  await host.api.sessions.end.mutate({ sessionId: id, duration: 1, messageCount: 2, endedBy: 'user' });
  await page.clock.runFor(REFRESH_MS);
  await expect(row).toHaveCount(0);
});

test('every filter stands in the address and as a chip, and all of them are cleared at once', async ({
  operator: page,
  host,
}) => {
  const id = await connect(host);
  await host.api.sessions.end.mutate({ sessionId: id, duration: 1, messageCount: 2, endedBy: 'user' });
  await openSessions(page);
  await page.getByRole('button', { name: 'Filters', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Filter sessions' });
  await dialog.getByLabel('Transport').selectOption('websocket');
  await dialog.getByLabel('Duration at least').fill('soon');
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Duration at least')).toBeFocused();
  await expect(dialog.getByText('A whole number of seconds.')).toBeVisible();
  await dialog.getByLabel('Duration at least').fill('60');
  await dialog.getByLabel('Cost at least').fill('0,01');
  await dialog.getByRole('button', { name: 'Show sessions' }).click();
  await expect(page).toHaveURL(/\?transport=websocket&cost=0\.01&duration=60$/);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText('gpt-live-transcribe');
  await expect(rows(page)).toContainText('~$');
  await page.getByRole('button', { name: 'Remove filter Transport: WebSocket' }).click();
  await expect(page).toHaveURL(/\?cost=0\.01&duration=60$/);
  await page.getByRole('searchbox', { name: 'Search by session id' }).fill('ses_nobody');
  await expect(page.getByText('No sessions match')).toBeVisible();
  await page.getByRole('list', { name: 'Active filters' }).getByText('Id: ses_nobody…').waitFor();
  await page.getByRole('region', { name: 'Sessions' }).getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(/\/sessions$/);
  await page.getByRole('searchbox').fill(id.slice(0, 22));
  await page.keyboard.press('Enter');
  await expect(rowOf(page, id)).toBeVisible();
});

test('a call is one line from its request to its end, priced by kind, and copied without a name', async ({
  operator: page,
  host,
}) => {
  const id = await connect(host);
  await reportResponse(host, id, 'resp_one');
  await reportResponse(host, id, 'resp_two');
  await host.api.sessions.end.mutate({ sessionId: id, duration: 1, messageCount: 4, endedBy: 'user' });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`/sessions/${id}`);
  const entries = page.getByTestId('timeline').getByRole('listitem');
  await expect(entries.locator('p.font-medium')).toHaveText([
    'Token requested',
    'Try 1 at the provider',
    'Token issued',
    'Call connected',
    /^Response\$0\.0/,
    /^Response\$0\.0/,
    'Call ended',
  ]);
  await expect(entries.nth(4)).toContainText('in 800 audio, 200 text (300 cached) · out 700 audio, 100 text');
  const costs = page.getByRole('region', { name: 'Cost and usage' });
  await expect(costs.getByRole('row', { name: /^Audio in, cached 400 / })).toBeVisible();
  await expect(costs.getByRole('row', { name: /^Total \$0\.\d+$/ })).toBeVisible();
  await expect(costs.getByText(/^Prices of \d{4}-\d\d-\d\d\.$/)).toBeVisible();
  await page.getByRole('button', { name: 'Copy support bundle' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeAttached();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(copied)).toMatchObject({ ids: { session: id }, endedBy: 'user' });
  expect(copied).not.toContain('Demo user');
});
