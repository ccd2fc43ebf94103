import { createHmac } from 'node:crypto';

import { expect, type Page } from '@playwright/test';

import { getNewestSession, signIn, test } from './support/fixtures.ts';
import { startHost, type Host } from './support/host.ts';
import { tapRemoteAudio, waitForRemoteAudio } from './support/remote-audio.ts';
import { startTurnServer, type TurnServer } from './support/turn-server.ts';

async function chooseRelayAndTalk(page: Page): Promise<void> {
  await page.getByText('Relay only').click();
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
}

/** A credential that coturn would have taken a minute ago. */
function signExpired(secret: string): { username: string; credential: string } {
  const username = `${Math.floor(Date.now() / 1000) - 60}:late`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

test.describe('calls that may only go through coturn', () => {
  let turn: TurnServer;
  let host: Host | undefined;

  test.beforeAll(async () => {
    turn = await startTurnServer();
  });
  test.afterEach(async () => {
    await host?.stop();
  });
  test.afterAll(async () => {
    await turn.stop();
  });

  async function open(page: Page, env: NodeJS.ProcessEnv): Promise<void> {
    host = await startHost({ TURN_PROVIDERS: 'coturn', COTURN_URLS: turn.url, ...env });
    await signIn(page, host);
  }

  test('a time-limited credential carries a spoken turn over the relay', async ({ speaker }) => {
    const page = await speaker.newPage();
    await tapRemoteAudio(page);
    await open(page, { COTURN_STATIC_AUTH_SECRET: turn.secret });
    await chooseRelayAndTalk(page);
    await expect(page.getByRole('button', { name: 'End call' })).toBeVisible({ timeout: 15_000 });
    await waitForRemoteAudio(page);
    await page.getByRole('button', { name: 'End call' }).click();
    await expect(page.getByText('Call ended')).toBeVisible();
    const session = await getNewestSession(page);
    expect(session.icePair?.local).toBe('relay');
    await page.close();
  });

  test('a credential signed with another secret fails as turn_unauthorized', async ({ speaker }) => {
    const page = await speaker.newPage();
    await open(page, { COTURN_STATIC_AUTH_SECRET: 'not-the-secret-that-coturn-was-given!' });
    await chooseRelayAndTalk(page);
    await expect(page.getByText('The relay refused its credential')).toBeVisible({ timeout: 15_000 });
    const session = await getNewestSession(page);
    expect([session.state, session.reason]).toEqual(['failed', 'turn_unauthorized']);
    await page.close();
  });

  test('an expired credential fails as turn_unauthorized', async ({ speaker }) => {
    const page = await speaker.newPage();
    await open(page, { COTURN_STATIC_AUTH_SECRET: turn.secret });
    await page.route('**/trpc/turn.issue*', async (route) => {
      const response = await route.fetch();
      const { username, credential } = signExpired(turn.secret);
      const text = (await response.text())
        .replace(/"username":"[^"]*"/, `"username":"${username}"`)
        .replace(/"credential":"[^"]*"/, `"credential":"${credential}"`);
      await route.fulfill({ response, body: text });
    });
    await chooseRelayAndTalk(page);
    await expect(page.getByText('The relay refused its credential')).toBeVisible({ timeout: 15_000 });
    expect((await getNewestSession(page)).reason).toBe('turn_unauthorized');
    await page.close();
  });
});
