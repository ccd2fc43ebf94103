// Fault 14 as far as nodes and messages go: the clock of the real host is set forth and back under it.
import { createNodeDatabase } from '@ephemera/db/node';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileURLToPath } from 'node:url';

import { listenTo } from './support/event-stream.ts';
import { contentsOf, messageOf, readPending, sendMessage } from './support/messages.ts';
import { start, test } from './support/node-start.ts';
import {
  createKeyPair,
  joinNetwork,
  logIn,
  reachHost,
  requestChallenge,
  sendAs,
  signChallenge,
  type TestNode,
  tokensSchema,
  verify,
} from './support/nodes.ts';
import type { RunningProcess } from './support/processes.ts';

const PRELOAD = pathToFileURL(fileURLToPath(new URL('support/shifted-clock.ts', import.meta.url))).href;
const PER_MINUTE = 20;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A clock that is set at the end of a minute begins another window. */
const WINDOWS = 3;

async function startHost(dataDir: string) {
  const offsetFile = join(dataDir, 'clock');
  const running = start({
    DATA_DIR: dataDir,
    NODE_REGISTRATION: 'open',
    NODE_MESSAGES_PER_MINUTE: String(PER_MINUTE),
    OPENAI_API_KEY: 'sk-nobody-is-asked',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    NODE_OPTIONS: `--import=${PRELOAD}`,
    CLOCK_OFFSET_FILE: offsetFile,
  });
  const output = await running.waitFor(/"listening":"(http:[^"]+)"/);
  const url = /"listening":"(http:[^"]+)"/.exec(output)?.[1] ?? '';
  return { running, url, reach: reachHost(url), setClock: createSetClock(running, { url, offsetFile }) };
}

/** Resolves once the host's own answers are of the new time. */
function createSetClock({ child }: RunningProcess, { url, offsetFile }: { url: string; offsetFile: string }) {
  const reach = reachHost(url);
  const readOffset = async (): Promise<number> => {
    const answer = await reach.post('/api/v1/auth/login', { node_id: 'clock' });
    const body: unknown = await answer.json();
    const expiresAt =
      typeof body === 'object' && body !== null && 'expires_at' in body ? body.expires_at : '';
    return Date.parse(String(expiresAt)) - MINUTE_MS - Date.now();
  };
  return async (offsetMs: number): Promise<void> => {
    await writeFile(offsetFile, String(offsetMs));
    child.kill('SIGUSR2');
    while (Math.abs((await readOffset()) - offsetMs) > 5_000);
  };
}

async function logInAgain(node: TestNode, url: string): Promise<TestNode> {
  const reach = reachHost(url);
  const { access_token: token } = tokensSchema.parse(await (await logIn(reach, node.id, node.keys)).json());
  return { ...node, token, send: sendAs(reach, token) };
}

/** How many more the sender may send before it is told to wait; and for how long. */
async function sendUntilRefused(node: TestNode): Promise<{ sent: number; retryAfter: number }> {
  for (let sent = 0; sent <= WINDOWS * PER_MINUTE; sent += 1) {
    const answer = await node.send('POST', '/api/v1/messages/send', messageOf(node.id, ['nobody']));
    await answer.body?.cancel();
    if (answer.status === 429) return { sent, retryAfter: Number(answer.headers.get('retry-after')) };
  }
  throw new Error('the sender is never refused');
}

test('fault 14: tokens, challenges, expiry and quotas follow the clock wherever it is set, and lock nobody out', async ({
  dataDir,
  expect,
}) => {
  const { running, url, reach, setClock } = await startHost(dataDir);
  await using _ = running;
  const node = await joinNetwork(reach, 'clocked');
  await sendMessage(node, ['clocked'], { content: 'an hour', ttl: 3_600 });
  await sendMessage(node, ['clocked'], { content: 'a minute', ttl: 60 });
  const challenge = await requestChallenge(reach, 'clocked');

  await setClock(5 * MINUTE_MS);
  expect(await contentsOf(node)).toEqual(['an hour']);
  const signature = signChallenge(node.keys.privateKey, challenge);
  expect((await verify(reach, { node_id: 'clocked', challenge, signature })).status).toBe(401);

  await setClock(HOUR_MS);
  expect((await node.send('GET', '/api/v1/messages/pending/clocked')).status).toBe(401);
  const later = await logInAgain(node, url);
  expect(await readPending(later)).toEqual([]);
  const ahead = await sendUntilRefused(later);
  expect(ahead.sent).toBeGreaterThanOrEqual(PER_MINUTE);
  expect(ahead.retryAfter).toBeLessThanOrEqual(60);

  // Back: what was counted an hour ahead holds nobody up.
  await setClock(-5 * MINUTE_MS);
  const again = await logInAgain(node, url);
  await sendMessage(again, ['clocked'], { content: 'after' });
  expect(await contentsOf(again)).toContain('after');
  const back = await sendUntilRefused(again);
  expect(back.sent).toBeGreaterThanOrEqual(PER_MINUTE - 1);
  expect(back.retryAfter).toBeLessThanOrEqual(60);
});

test('fault 14: who waits waits for as long as was said, and streams go on', async ({ dataDir, expect }) => {
  const { running, url, reach, setClock } = await startHost(dataDir);
  await using _ = running;
  const node = await joinNetwork(reach, 'patient');
  await using listener = await listenTo({ url }, node);
  const startedMs = performance.now();
  const poll = node.send('GET', '/api/v1/messages/pending/patient?wait=2').then(async (answer) => {
    await answer.body?.cancel();
    return { status: answer.status, tookMs: performance.now() - startedMs };
  });
  await setClock(5 * MINUTE_MS);
  await setClock(-HOUR_MS);
  await setClock(0);
  const { status, tookMs } = await poll;
  expect(status).toBe(200);
  expect(tookMs).toBeGreaterThan(1_950);
  expect(tookMs).toBeLessThan(10_000);
  await sendMessage(node, ['patient'], { content: 'still here' });
  expect((await listener.waitFor(1)).map(({ message }) => message.content)).toEqual(['still here']);
});

test('fault 14: a clock that is set back makes no revoked node known for longer', async ({
  dataDir,
  expect,
}) => {
  const { running, reach, setClock } = await startHost(dataDir);
  await using _ = running;
  const node = await joinNetwork(reach, 'revoked', { keys: createKeyPair() });
  expect(await readPending(node)).toEqual([]);
  await setClock(-HOUR_MS);
  // As another process would do it.
  const database = await createNodeDatabase({ url: `file:${join(dataDir, 'ephemera.db')}` });
  await database.write({
    sql: 'update nodes set revoked_at = ?1 where id = ?2',
    args: [Date.now(), 'revoked'],
  });
  await database.close();
  const read = async () => (await node.send('GET', '/api/v1/messages/pending/revoked')).status;
  await expect.poll(read, { timeout: 10_000, interval: 250 }).toBe(401);
});
