import { readFile } from 'node:fs/promises';

import { expect, type Page } from '@playwright/test';

import type { Host } from './support/host.ts';
import { test } from './support/operator-page.ts';

const MODEL = 'gpt-realtime-mini';

/** One call from its token to its end, with what it used. */
async function makeCall({ api }: Host): Promise<void> {
  const { sessionId } = await api.tokens.create.mutate({ session: { type: 'realtime', model: MODEL } });
  await api.sessions.reportConnected.mutate({ sessionId, transport: 'webrtc' });
  const usage = {
    total_tokens: 900,
    input_tokens: 600,
    input_token_details: { text_tokens: 100, audio_tokens: 500, cached_tokens: 0 },
    output_tokens: 300,
    output_token_details: { text_tokens: 100, audio_tokens: 200 },
  };
  const events = [{ eventId: `resp_${sessionId}`, kind: 'response' as const, usage }];
  await api.sessions.reportUsage.mutate({ sessionId, events });
  await api.sessions.end.mutate({ sessionId, duration: 1, messageCount: 2, endedBy: 'user' });
}

async function openUsage(page: Page, search = ''): Promise<void> {
  await page.goto(`/usage${search}`);
  await page.getByRole('heading', { level: 1, name: 'Usage & cost' }).waitFor();
}

const rows = (page: Page) => page.getByTestId('usage-row');

test('a call is counted where it was made, in the chart, in the table and in the file', async ({
  operator: page,
  host,
}) => {
  await makeCall(host);
  await openUsage(page);
  const row = rows(page).filter({ hasText: MODEL }).filter({ hasText: '$' });
  await expect(row).toContainText('$0.0');

  await page.getByRole('radiogroup', { name: 'Metric' }).getByText('Tokens').click();
  await expect(page).toHaveURL(/\?metric=tokens$/);
  const chart = page.getByRole('slider', { name: /^Tokens over time by Model/ });
  await expect(chart).toHaveAttribute('aria-valuetext', new RegExp(MODEL));
  const last = await chart.getAttribute('aria-valuetext');
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(chart).not.toHaveAttribute('aria-valuetext', last ?? '');
  await page.getByText('Table', { exact: true }).click();
  const figures = page.getByRole('region', { name: 'Tokens over time' }).getByRole('table');
  await expect(figures.getByRole('row')).toHaveCount(31);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const file = await (await download).path();
  const [head, ...lines] = (await readFile(file, 'utf8')).trim().split('\r\n');
  expect(head).toMatch(/^start,group_id,group,sessions,/);
  const today = lines.filter((line) => line.includes(`,${MODEL},${MODEL},`)).at(-1);
  expect(today?.split(',').slice(6, 9)).toEqual(['600', '0', '300']);
});

test('the whole view lives in the address: groups, range, zone, order', async ({ operator: page, host }) => {
  await makeCall(host);
  await openUsage(page);
  await page.getByLabel('Group by').selectOption('User');
  await page.getByLabel('Time zone').selectOption('UTC');
  await page.getByText('7 days', { exact: true }).click();
  await page.getByText('Hours', { exact: true }).click();
  await page.getByRole('columnheader', { name: 'Sessions' }).getByRole('button').click();
  await expect(page).toHaveURL(/sort=sessions/);
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
    range: '7d',
    zone: 'utc',
    interval: 'hour',
    group: 'user',
    sort: 'sessions',
  });
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'Sessions' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  await expect(rows(page).filter({ hasText: 'Demo user' })).toHaveCount(1);
  await expect(page.getByLabel('Time zone')).toHaveValue('utc');
  await page.getByText('Custom', { exact: true }).click();
  await page.getByLabel('First day').fill('2024-01-01');
  await page.getByLabel('Last day').fill('2024-01-05');
  await expect(page.getByText('Nothing in this range')).toBeVisible();
  await page.getByRole('button', { name: 'Show the last 30 days' }).click();
  await expect(rows(page).first()).toBeVisible();
  expect(page.url()).not.toContain('range=');
});
