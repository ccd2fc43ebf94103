/**
 * Messages through the verbs, over a database file: sent, polled and marked as read, so many at once; and, in turn in the
 * same process, the bare unit of libSQL: a row and a count, 32 of them in a transaction, by the client's own batch.
 */
import { createMailboxBell, listPending, markRead, sendMessage, type ServiceContext } from '@ephemera/api';
import { createTestDatabase } from '@ephemera/db/testing';
import { createClient } from '@libsql/client';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { MessagesMeasured, MessagesOrder } from '../messages.ts';

const LANES = 64;
const UNITS = 32;
const MS_PER_SECOND = 1_000;
const UNLIMITED = 1_000_000_000;
const NEVER = new AbortController().signal;
const INSERT_NODE_SQL = `insert into nodes (id, name, type, public_key, key_fingerprint, endpoint, capabilities, metadata,
    scopes, status, created_at, updated_at)
  values (?1, ?1, 'bench', ?1, ?1, 'https://bench.example.test', '[]', '{}', '[]', 'active', ?2, ?2)`;
const CONTENT = { action: 'sync_request', data_hash: 'a3f5c9d1e7b24680', timestamp: '2026-11-22T00:00:00' };

const clock = { now: () => Date.now() };
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

type Database = Awaited<ReturnType<typeof createTestDatabase>>;

function nodeIdOf(lane: number): string {
  return `bench-${lane}`;
}

let made = 0;

function createContext(
  database: Database,
  mailboxes: ServiceContext['mailboxes'],
  id: string,
): ServiceContext {
  const context = {
    database,
    clock,
    logger,
    mailboxes,
    ids: { messageId: () => `msg_${String((made += 1)).padStart(26, '0')}` },
    actor: { kind: 'node', id, name: id, scopes: ['messages:send', 'messages:read-own'] },
    settings: { messages: { perMinute: UNLIMITED, mailboxMessages: 1_000, mailboxBytes: 67_108_864 } },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because messages ask for nothing else
  return context as unknown as ServiceContext;
}

/** One message of a node to itself: durable, polled, marked. */
async function exchange(ctx: ServiceContext, nodeId: string): Promise<void> {
  const sent = await sendMessage(ctx, {
    fromNode: nodeId,
    toNodes: [nodeId],
    messageType: 'data_sync',
    content: CONTENT,
    priority: 'normal',
    ttlSeconds: 3_600,
    metadata: { correlation_id: 'sync-001' },
    idempotencyKey: null,
  });
  const [message] = await listPending(ctx, { nodeId }, NEVER);
  if (message?.id !== sent.messageId) throw new Error('a message did not come');
  await markRead(ctx, { id: message.id });
}

async function measureMessages(contexts: readonly ServiceContext[], count: number): Promise<number> {
  let left = count;
  const startedAt = performance.now();
  const lanes = contexts.map(async (ctx, lane) => {
    while (left > 0) {
      left -= 1;
      await exchange(ctx, nodeIdOf(lane));
    }
  });
  await Promise.all(lanes);
  return (count * MS_PER_SECOND) / (performance.now() - startedAt);
}

async function createBareUnit(folder: string) {
  const client = createClient({ url: `file:${join(folder, 'bare.db')}` });
  await client.execute('pragma journal_mode = wal');
  await client.execute('pragma synchronous = normal');
  await client.execute('create table rows (id integer primary key, owner text not null, body text not null)');
  await client.execute('create table counts (owner text primary key, count integer not null)');
  const body = JSON.stringify(CONTENT);
  const unit = (owner: string) => [
    { sql: 'insert into rows (owner, body) values (?, ?)', args: [owner, body] },
    {
      sql: 'insert into counts values (?, 1) on conflict (owner) do update set count = count + 1',
      args: [owner],
    },
  ];
  const batch = Array.from({ length: UNITS }, (_, index) => unit(nodeIdOf(index))).flat();
  return {
    measure: async (forMs: number): Promise<number> => {
      const startedAt = performance.now();
      let done = 0;
      for (; performance.now() - startedAt < forMs; done += UNITS) await client.batch(batch, 'write');
      return (done * MS_PER_SECOND) / (performance.now() - startedAt);
    },
    close: () => {
      client.close();
    },
  };
}

function findCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new TypeError('This Node cannot be told to collect garbage.');
  return () => void collect();
}

/**
 * What one side leaves is taken away before the other's clock runs: of a short sample of messages the garbage of the bare
 * client, whose every statement has a finalizer, took a tenth.
 */
function createSettle(): () => Promise<void> {
  const collect = findCollector();
  return async () => {
    // Finalizers run in a turn of their own.
    await setImmediate();
    collect();
    await setImmediate();
  };
}

async function carryOut(order: MessagesOrder): Promise<MessagesMeasured> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-bench-messages-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const database = opened.use(await createTestDatabase());
  const mailboxes = createMailboxBell({ database, logger });
  const contexts: ServiceContext[] = [];
  for (let lane = 0; lane < LANES; lane += 1) {
    const id = nodeIdOf(lane);
    await database.write({ sql: INSERT_NODE_SQL, args: [id, Date.now()] });
    contexts.push(createContext(database, mailboxes, id));
  }
  const bare = opened.adopt(await createBareUnit(folder), (it) => {
    it.close();
  });
  const settle = createSettle();
  const measured: MessagesMeasured = [];
  for (let round = 0; round < order.rounds; round += 1) {
    await settle();
    const before = await bare.measure(order.bareMs);
    await settle();
    const messagesPerSecond = await measureMessages(contexts, order.messagesPerRound);
    await settle();
    const after = await bare.measure(order.bareMs);
    measured.push({ unitsPerSecond: (before + after) / 2, messagesPerSecond });
  }
  return measured;
}

process.once('message', (order: MessagesOrder) => {
  void carryOut(order).then(
    (measured) => process.send?.({ kind: 'done', measured }),
    (error: unknown) => process.send?.({ kind: 'error', message: String(error) }),
  );
});
process.on('disconnect', () => {
  process.exit(0);
});
