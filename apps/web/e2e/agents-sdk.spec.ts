import { expect } from '@playwright/test';

import { serveAgentsPage } from './support/agents-page.ts';
import { test } from './support/fixtures.ts';

test('the stock agents SDK holds a spoken turn with a secret from here', async ({ speaker, host }) => {
  const site = await serveAgentsPage();
  const page = await speaker.newPage();
  await page.goto(site.url);
  const minted = await host.api.tokens.create.mutate({
    session: { type: 'realtime', model: 'gpt-realtime-2.1' },
  });
  await page.evaluate(
    async ([secret, callsUrl]) => window.agentsPage?.talk(secret ?? '', callsUrl ?? ''),
    [minted.value, minted.callsUrl],
  );
  await page.waitForFunction(() => (window.agentsPage?.remoteLevel() ?? 0) > 0.01, undefined, {
    polling: 50,
    timeout: 20_000,
  });
  const transcript = () => page.evaluate(() => window.agentsPage?.transcript().join('\n') ?? '');
  await expect.poll(transcript, { timeout: 20_000 }).toMatch(/user: .+/);
  await expect.poll(transcript, { timeout: 20_000 }).toMatch(/assistant: .+/);
  await page.close();
  await site.stop();
});
