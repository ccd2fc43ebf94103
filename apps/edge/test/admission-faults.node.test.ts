// Faults of the real process and its file: a database that somebody locks, that may not grow, and an end under load.
import { createNodeDatabase } from '@ephemera/db/node';
import type { Simulator } from '@ephemera/openai-simulator';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, vi } from 'vitest';
import * as z from 'zod';

import { startSqld } from '../src/node/sqld.ts';
import { expectCountersToEqualRows } from './support/counters.ts';
import { postUntilTold } from './support/keep-alive-client.ts';
import {
  HOST_ENVIRONMENT,
  requireExecutable,
  type RunningProcess,
  startProcess,
} from './support/processes.ts';
import { takeSimulator } from './support/simulators.ts';
import { copyDemoDatabase } from './support/templates.ts';

vi.setConfig({ testTimeout: 60_000 });

const NODE_ENTRY = fileURLToPath(new URL('support/node-entry.ts', import.meta.url));
const demoSchema = z.object({ userToken: z.string() });
const READY = /"listening":"(http:[^"]+)"/;
const MINT = '/v1/realtime/client_secrets';
const LOCKED_MS = 2_000;

type Broker = {
  running: RunningProcess;
  folder: string;
  url: string;
  simulator: Simulator;
  databaseFile: string;
  userToken: string;
  mint: (token?: string) => Promise<Response>;
};

type BrokerOptions = {
  /** A shell around the process. */
  wrap?: readonly string[];
  env?: Record<string, string>;
  /** The one whose database and upstream this one shares. */
  beside?: Broker;
};

async function createFolder(opened: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-faults-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A broker of its own for each test. */
async function startBroker(
  opened: AsyncDisposableStack,
  { wrap = [], env = {}, beside }: BrokerOptions = {},
): Promise<Broker> {
  const folder = beside?.folder ?? (await createFolder(opened));
  const simulator = beside?.simulator ?? opened.use(await takeSimulator());
  if (beside === undefined) await copyDemoDatabase(folder);
  const [command, ...args] = [...wrap, process.execPath, NODE_ENTRY];
  const running = opened.use(
    startProcess({
      command,
      args,
      env: {
        ...HOST_ENVIRONMENT,
        PORT: '0',
        DATA_DIR: folder,
        OPENAI_BASE_URL: `${simulator.url}/v1`,
        OPENAI_API_KEY: simulator.apiKey,
        MINTS_PER_MINUTE: '100000',
        MINTS_PER_MINUTE_PER_ADDRESS: '100000',
        MAX_OPEN_SESSIONS: '100000',
        ...env,
      },
    }),
  );
  const url = READY.exec(await running.waitFor(READY))?.[1] ?? '';
  const { userToken } = demoSchema.parse(JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8')));
  const mint = (token = userToken) =>
    fetch(`${url}${MINT}`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    });
  return { running, folder, url, userToken, simulator, databaseFile: join(folder, 'ephemera.db'), mint };
}

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
  const { mint, simulator, url, userToken } = await startBroker(opened, {
    env: { TURSO_DATABASE_URL: first.url },
  });
  const list = () =>
    fetch(`${url}/trpc/sessions.list?input=%7B%7D`, { headers: { authorization: `Bearer ${userToken}` } });
  expect((await mint()).status).toBe(200);
  expect((await list()).status).toBe(200);
  await first[Symbol.asyncDispose]();
  await simulator.admin.reset();

  expect(countStatuses(await Promise.all(Array.from({ length: 4 }, () => mint())))).toEqual({ 503: 4 });
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  const unlisted = await list();
  expect([unlisted.status, unlisted.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await unlisted.text()).toContain('The database does not answer at the moment: try again.');
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
