import { expect, type Page } from '@playwright/test';

import { launchBrowser } from './support/browser.ts';
import { getNewestSession, signIn, test } from './support/fixtures.ts';
import { startHost } from './support/host.ts';

const CALLS = '/v1/realtime/calls';

async function talk(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
}

/** The page says what happened, and the newest session row says the same. */
async function expectFailure(page: Page, title: string, reason: string): Promise<void> {
  await expect(page.getByText(title)).toBeVisible({ timeout: 20_000 });
  await expect.poll(async () => (await getNewestSession(page)).reason).toBe(reason);
  expect((await getNewestSession(page)).state).toBe('failed');
}

test('a denied microphone says so and leaves a row', async ({ host }) => {
  const browser = await launchBrowser('denied');
  const page = await browser.newPage();
  await signIn(page, host);
  await talk(page);
  await expectFailure(page, 'Microphone access is blocked', 'microphone_denied');
  await browser.close();
});

test('a token that the provider refuses says so and leaves a row', async ({ visitor: page, host }) => {
  await host.setFault({
    match: { path: CALLS },
    action: {
      kind: 'status',
      status: 401,
      body: {
        error: {
          message: 'Incorrect API key provided.',
          type: 'invalid_request_error',
          code: 'invalid_api_key',
          param: null,
        },
      },
    },
  });
  await talk(page);
  await expectFailure(page, 'The provider refused the secret', 'token_rejected');
});

test('an expired secret says so and leaves a row', async ({ visitor: page, host }) => {
  await host.setFault({ match: { path: CALLS }, action: { kind: 'expire_secrets' } });
  await talk(page);
  await expectFailure(page, 'The secret expired before the call began', 'token_expired');
});

test('a malformed session description says so and leaves a row', async ({ visitor: page }) => {
  await page.route(`**${CALLS}`, async (route) => {
    await route.continue({ postData: 'v=0\r\nthis is no session description\r\n' });
  });
  await talk(page);
  await expectFailure(page, 'The call setup made no sense', 'sdp_invalid');
});

test('a provider that cannot be reached for the call says so and leaves a row', async ({
  visitor: page,
  host,
}) => {
  // Chromium repeats a request by itself when a kept-alive connection drops: every try must fail.
  await host.setFault({ match: { path: CALLS }, times: 0, action: { kind: 'drop' } });
  await talk(page);
  await expectFailure(page, 'The voice provider cannot be reached', 'provider_unreachable');
});

test('a provider that cannot be reached for the mint says so and leaves a row', async ({ speaker }) => {
  // Nothing listens on the discard port of loopback.
  const host = await startHost({
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    OPENAI_API_KEY: 'sk-nobody-listens',
  });
  const page = await speaker.newPage();
  await signIn(page, host);
  await talk(page);
  await expectFailure(page, 'The voice provider cannot be reached', 'upstream_unreachable');
  await page.close();
  await host.stop();
});

const REFUSED_MINT = {
  match: { path: '/v1/realtime/client_secrets' },
  action: {
    kind: 'status',
    status: 401,
    body: {
      error: {
        message: 'Incorrect API key provided: sk-secret',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
        param: null,
      },
    },
  },
} as const;

// Hosts of their own: a refused key stays out of its pool.
test('a mint that every key is refused for says so and leaves a row', async ({ speaker }) => {
  const host = await startHost();
  await host.setFault({ ...REFUSED_MINT, times: 0 });
  const page = await speaker.newPage();
  await signIn(page, host);
  await talk(page);
  await expect(page.getByRole('alert')).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('body')).not.toContainText('sk-secret');
  await expect.poll(async () => (await getNewestSession(page)).state).toBe('failed');
  await page.close();
  await host.stop();
});

test('a mint that one key is refused for is a call on the next, and nobody notices', async ({ speaker }) => {
  const host = await startHost();
  await host.setFault(REFUSED_MINT);
  const page = await speaker.newPage();
  await signIn(page, host);
  await talk(page);
  await page.getByRole('button', { name: 'End call' }).click();
  await expect(page.getByText('Call ended')).toBeVisible();
  await expect.poll(async () => (await getNewestSession(page)).state).toBe('ended');
  expect((await getNewestSession(page)).attempts.map(({ status }) => status)).toEqual([401, 200]);
  await page.close();
  await host.stop();
});
