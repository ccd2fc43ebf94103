// Fault 16 as far as nodes and messages go: the line to a node, or to the database, is taken away and put back.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startSqld } from '../src/node/sqld.ts';
import { listenTo } from './support/event-stream.ts';
import { type FaultProxy, startFaultProxy } from './support/fault-proxy.ts';
import { contentsOf, messageOf, readPending, sendMessage } from './support/messages.ts';
import { start, test } from './support/node-start.ts';
import { joinNetwork, reachHost, sendAs, type TestNode } from './support/nodes.ts';

const SOON_MS = 500;
const UNLIMITED = { NODE_REGISTRATION: 'open', NODE_MESSAGES_PER_MINUTE: '100000' };
const UPSTREAM = { OPENAI_API_KEY: 'sk-nobody-is-asked', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };

async function startHost(env: Record<string, string>) {
  const running = start({ ...UNLIMITED, ...UPSTREAM, ...env });
  const output = await running.waitFor(/"listening":"(http:[^"]+)"/);
  return { running, url: /"listening":"(http:[^"]+)"/.exec(output)?.[1] ?? '' };
}

/** The same node behind the line. */
function behind(node: TestNode, { port }: FaultProxy): TestNode & { url: string } {
  const url = `http://127.0.0.1:${port}`;
  return { ...node, url, send: sendAs(reachHost(url), node.token) };
}

test('fault 16: what is sent to a node that is cut off waits for it, and what it sends again is sent once', async ({
  dataDir,
  expect,
}) => {
  const { running, url } = await startHost({ DATA_DIR: dataDir });
  await using _ = running;
  await using proxy = await startFaultProxy(Number(new URL(url).port));
  const reach = reachHost(url);
  const sender = await joinNetwork(reach, 'inside');
  const far = behind(await joinNetwork(reach, 'outside'), proxy);
  await using listener = await listenTo(far, far);
  await sendMessage(sender, ['outside'], { content: 'before' });
  const [first] = await listener.waitFor(1);

  proxy.setPassage('hole');
  for (let at = 0; at < 20; at += 1) await sendMessage(sender, ['outside'], { content: at });
  const keyed = messageOf('outside', ['inside'], { content: 'once', idempotency_key: 'again' });
  const lost = fetch(`${far.url}/api/v1/messages/send`, {
    method: 'POST',
    headers: { authorization: `Bearer ${far.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(keyed),
    signal: AbortSignal.timeout(SOON_MS),
  });
  await expect(lost).rejects.toThrow();
  expect(listener.heard).toHaveLength(1);

  proxy.setPassage('open');
  await listener.ended;
  await using again = await listenTo(far, far, { lastEventId: first?.eventId ?? '' });
  const heard = (await again.waitFor(20)).map(({ message }) => message.content);
  expect(heard).toEqual(Array.from({ length: 20 }, (_it, at) => at));
  for (let at = 0; at < 3; at += 1) {
    expect((await far.send('POST', '/api/v1/messages/send', keyed)).status).toBe(200);
  }
  expect(await contentsOf(sender)).toEqual(['once']);
});

test('fault 16: without its database the host acknowledges nothing, and goes on by itself when it is back', async ({
  dataDir,
  expect,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-sqld-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const sqld = opened.use(await startSqld(join(folder, 'sqld')));
  const proxy = opened.use(await startFaultProxy(Number(new URL(sqld.url).port)));
  const { running, url } = await startHost({
    DATA_DIR: dataDir,
    TURSO_DATABASE_URL: `http://127.0.0.1:${proxy.port}`,
  });
  opened.use(running);
  const node = await joinNetwork(reachHost(url), 'cut');
  await sendMessage(node, ['cut'], { content: 'before' });
  const acknowledged: unknown[] = ['before'];
  await using listener = await listenTo({ url }, node);
  await listener.waitFor(1);

  for (let round = 0; round < 3; round += 1) {
    proxy.setPassage('cut');
    const answers = await Promise.all(
      [0, 1, 2].map(async (at) => {
        const content = `${round}.${at}`;
        const body = messageOf('cut', ['cut'], { content });
        const answer = await node.send('POST', '/api/v1/messages/send', body);
        if (answer.status === 200) acknowledged.push(content);
        return answer.status;
      }),
    );
    expect(answers.filter((status) => status < 500)).toEqual([]);
    expect((await node.send('GET', '/api/v1/messages/pending/cut')).status).toBeGreaterThanOrEqual(500);
    proxy.setPassage('open');
    await expect
      .poll(async () => (await node.send('GET', '/api/v1/messages/pending/cut')).status, { timeout: 10_000 })
      .toBe(200);
    await sendMessage(node, ['cut'], { content: `${round}.healed` });
    acknowledged.push(`${round}.healed`);
  }
  const contents = (await readPending(node)).map(({ content }) => content);
  expect(acknowledged.filter((content) => !contents.includes(content))).toEqual([]);
  expect(contents).toHaveLength(acknowledged.length);
  await using again = await listenTo({ url }, node);
  expect(await again.waitFor(acknowledged.length)).toHaveLength(acknowledged.length);
});
