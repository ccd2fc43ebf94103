// Faults of the real process and its file: a database that somebody locks, that may not grow, and an end under load.
import { createNodeDatabase } from '@ephemera/db/node';
import { rename, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { test as base, vi } from 'vitest';

import { startSqld } from '../src/node/sqld.ts';
import { expectCountersToEqualRows } from './support/counters.ts';
import { postUntilTold } from './support/keep-alive-client.ts';
import { createFolder, JSON_BODY, MINT, startBroker } from './support/broker-process.ts';
import { cookiesOf } from './support/members.ts';
import { requireExecutable, startProcess } from './support/processes.ts';

vi.setConfig({ testTimeout: 60_000 });

const LOCKED_MS = 2_000;

const test = base.extend<{ opened: AsyncDisposableStack }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  opened: async ({}, use) => {
    await using opened = new AsyncDisposableStack();
    await use(opened);
  },
});

async function readCounters(databaseFile: string, check: (read: Reader) => Promise<void>): Promise<void> {
  const database = await createNodeDatabase({ url: `file:${databaseFile}` });
  try {
    await check(database);
  } finally {
    await database.close();
  }
}

type Reader = Parameters<typeof expectCountersToEqualRows>[0];

function countStatuses(responses: readonly Response[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of responses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** The longest that an answer took. */
async function measureLongest(url: string, isOver: () => boolean): Promise<number> {
  let longestMs = 0;
  while (!isOver()) {
    const startedAt = performance.now();
    const { ok, status } = await fetch(url);
    if (!ok) throw new Error(`${url} answered ${status}.`);
    longestMs = Math.max(longestMs, performance.now() - startedAt);
  }
  return longestMs;
}

test('fault 8: while another process locks the database mints wait, all else is answered, and nothing is counted twice', async ({
  opened,
  expect,
}) => {
  const { mint, databaseFile, simulator, url } = await startBroker(opened);
  await mint();
  const other = opened.adopt(new DatabaseSync(databaseFile), (it) => {
    it.close();
  });
  other.exec('begin immediate');
  const unlockAt = performance.now() + LOCKED_MS;

  const minting = Array.from({ length: 8 }, () => mint());
  const isOver = () => performance.now() >= unlockAt;
  const longestMs = await Promise.all(
    ['/healthz', '/readyz'].map((path) => measureLongest(`${url}${path}`, isOver)),
  );
  expect(await simulator.admin.requests()).toHaveLength(1);
  other.exec('rollback');

  // The driver's own wait would stop the process for as long as the lock is held.
  expect(Math.max(...longestMs)).toBeLessThan(LOCKED_MS / 2);
  expect(countStatuses(await Promise.all(minting))).toEqual({ 200: 8 });
  expect((await mint()).status).toBe(200);
  const asked = await simulator.admin.requests();
  await readCounters(databaseFile, async (database) => {
    const [row] = await database.read(
      "select count(*) as n from sessions where state = 'issued' and is_demo = 0",
    );
    expect([asked.length, Number(row?.['n'])]).toEqual([10, 10]);
    await expectCountersToEqualRows(database, expect);
  });
});

test('fault 9: a disk that is full is 503 before anybody is asked, and heals without a restart', async ({
  opened,
  expect,
}) => {
  const prlimit = requireExecutable('/usr/bin/prlimit', 'it is part of util-linux');
  // No file may grow beyond 4 MB, and a write that would is an error instead of a signal.
  const shell = ['/bin/bash', '-c', 'trap "" XFSZ; ulimit -S -f 4096; exec "$0" "$@"'];
  const env = {
    TURN_PROVIDERS: 'coturn',
    COTURN_URLS: 'turn:turn.example.test:3478',
    COTURN_STATIC_AUTH_SECRET: 'd0f7a2c95b8e41630d9c7ab1',
  };
  const broker = await startBroker(opened, { wrap: shell, env });
  const { mint, databaseFile, simulator, running, url } = broker;
  let issued = 0;
  let last = await mint();
  for (; last.status === 200; last = await mint()) issued += 1;

  expect(last.status).toBe(503);
  expect(await last.json()).toMatchObject({ error: { code: 'unavailable' } });
  await simulator.admin.reset();
  const refused = await Promise.all(Array.from({ length: 8 }, () => mint()));
  expect(countStatuses(refused)).toEqual({ 503: 8 });
  expect(await simulator.admin.requests()).toEqual([]);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  const turn = await fetch(`${url}/api/v1/webrtc/turn-credentials`, {
    headers: { authorization: `Bearer ${broker.userToken}` },
  });
  expect(turn.status).toBe(200);
  expect(await turn.text()).toContain('turn:turn.example.test:3478');

  await using heal = startProcess({
    command: prlimit,
    args: ['--pid', String(running.child.pid), '--fsize=unlimited:'],
  });
  expect(await heal.exited).toBe(0);
  expect((await mint()).status).toBe(200);
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 10_000 }).toBe(200);
  expect(issued).toBeGreaterThan(10);
  await readCounters(databaseFile, (database) => expectCountersToEqualRows(database, expect));
});

test('fault 9: while the database file is gone mints are 503 before anybody is asked; back in its place it heals', async ({
  opened,
  expect,
}) => {
  const { mint, databaseFile, simulator, running, url } = await startBroker(opened);
  expect((await mint()).status).toBe(200);
  const away = `${databaseFile}.away`;
  await rename(databaseFile, away);
  // The broker looks at its file fifty times a second at most.
  await expect.poll(async () => (await mint()).status).toBe(503);
  await simulator.admin.reset();

  expect(countStatuses(await Promise.all(Array.from({ length: 8 }, () => mint())))).toEqual({ 503: 8 });
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect(await simulator.admin.requests()).toEqual([]);
  await running.waitFor(/The database file is gone/);

  await writeFile(databaseFile, '');
  expect((await mint()).status).toBe(503);
  await running.waitFor(/The database file was replaced/);
  await rename(away, databaseFile);
  expect((await mint()).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  await readCounters(databaseFile, (database) => expectCountersToEqualRows(database, expect));
});

test('fault 9: while the database server is gone all that needs it is 503, and nobody is asked; back again it heals', async ({
  opened,
  expect,
}) => {
  const folder = join(await createFolder(opened), 'sqld');
  const first = await startSqld(folder);
  const { mint, simulator, url, userToken, operator } = await startBroker(opened, {
    env: { TURSO_DATABASE_URL: first.url },
  });
  const signIn = { method: 'POST', body: JSON.stringify(operator), headers: JSON_BODY };
  const signedIn = await fetch(`${url}/api/auth/sign-in/email`, signIn);
  const headers = { authorization: `Bearer ${userToken}`, cookie: cookiesOf(signedIn) };
  const paths = ['trpc/sessions.list?input=%7B%7D', 'api/auth/token', 'api/auth/get-session'];
  const askAll = () => Promise.all(paths.map((path) => fetch(`${url}/${path}`, { headers })));
  expect((await mint()).status).toBe(200);
  expect(countStatuses(await askAll())).toEqual({ 200: 3 });
  await first[Symbol.asyncDispose]();
  await simulator.admin.reset();

  expect(countStatuses(await Promise.all(Array.from({ length: 4 }, () => mint())))).toEqual({ 503: 4 });
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  const refused = (await askAll()).map((it) => `${it.status} ${it.headers.get('retry-after')}`);
  expect(refused).toEqual(['503 1', '503 1', '503 1']);
  expect(await simulator.admin.requests()).toEqual([]);

  opened.use(await startSqld(folder, Number(new URL(first.url).port)));
  await expect.poll(async () => (await mint()).status, { timeout: 20_000 }).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test('fault 13: told to end, it answers what is under way and leaves nothing half done', async ({
  opened,
  expect,
}) => {
  const { mint, databaseFile, simulator, running } = await startBroker(opened);
  await simulator.admin.setFault({ match: { path: MINT }, action: { kind: 'delay', ms: 800 }, times: 0 });
  const mints = Array.from({ length: 32 }, () => mint());
  await expect
    .poll(async () => (await simulator.admin.requests()).length, { timeout: 20_000 })
    .toBe(mints.length);

  running.child.kill('SIGTERM');

  expect(countStatuses(await Promise.all(mints))).toEqual({ 200: 32 });
  expect(await running.exited).toBe(0);
  await readCounters(databaseFile, async (database) => {
    expect(await database.read("select id from sessions where state = 'admitted'")).toEqual([]);
    await expectCountersToEqualRows(database, expect);
  });
});

test('fault 13: told to end under load, it answers each request of eight busy connections and ends at once', async ({
  opened,
  expect,
}) => {
  const broker = await startBroker(opened);
  const statuses: (number | string)[] = [];
  const clients = Array.from({ length: 8 }, () =>
    postUntilTold(`${broker.url}${MINT}`, { token: broker.userToken, statuses }),
  );
  await expect.poll(() => statuses.length, { timeout: 20_000 }).toBeGreaterThan(100);

  broker.running.child.kill('SIGTERM');

  expect(await broker.running.exited).toBe(0);
  await Promise.all(clients);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  await readCounters(broker.databaseFile, async (database) => {
    const [row] = await database.read(
      "select count(*) as n from sessions where state = 'issued' and is_demo = 0",
    );
    expect(Number(row?.['n'])).toBe(statuses.length);
    await expectCountersToEqualRows(database, expect);
  });
});

test('fault 15: four processes on one file give a cap of 10 exactly 10 times between them', async ({
  opened,
  expect,
}) => {
  const env = { MAX_OPEN_SESSIONS: '10' };
  const first = await startBroker(opened, { env });
  const others = await Promise.all([1, 2, 3].map(() => startBroker(opened, { env, beside: first })));
  const brokers = [first, ...others];

  const responses = await Promise.all(
    brokers.flatMap(({ mint }) => Array.from({ length: 50 }, () => mint(first.userToken))),
  );

  expect(countStatuses(responses)).toEqual({ 200: 10, 429: 190 });
  expect((await first.simulator.admin.requests()).length).toBe(10);
  await readCounters(first.databaseFile, (database) => expectCountersToEqualRows(database, expect));
});

test('fault 19: beyond so many mints under way the others get 503 at once, while those go on', async ({
  opened,
  expect,
}) => {
  const { mint, simulator } = await startBroker(opened, { env: { MAX_MINTS_IN_FLIGHT: '20' } });
  await simulator.admin.setFault({ match: { path: MINT }, action: { kind: 'delay', ms: 1_500 }, times: 0 });
  let answered = 0;
  const held = Array.from({ length: 20 }, async () => {
    const response = await mint();
    answered += 1;
    return response;
  });
  await expect.poll(async () => (await simulator.admin.requests()).length, { timeout: 20_000 }).toBe(20);

  const refused = await Promise.all(Array.from({ length: 100 }, () => mint()));

  expect(answered).toBe(0);
  expect(countStatuses(refused)).toEqual({ 503: 100 });
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(countStatuses(await Promise.all(held))).toEqual({ 200: 20 });
  expect((await mint()).status).toBe(200);
});
