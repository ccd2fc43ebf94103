import type { Database, SqlValue } from '@ephemera/db';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { createTestApi } from '../../../test/fixtures.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import type { NodeActor, ServiceContext } from '../../context.ts';
import { createMailboxBell } from '../../messages/mailbox-bell.ts';
import { listPending } from './list-pending.ts';
import { markRead } from './mark-read.ts';
import type { SendMessageInput } from './send.ts';
import { sendMessage } from './send.ts';
import { streamMessages } from './stream.ts';
import { tidyMessages } from './tidy.ts';

const NEVER = new AbortController().signal;
const HOUR_MS = 3_600_000;
const NODE_SQL = `insert into nodes (id, name, type, public_key, key_fingerprint, endpoint, capabilities, metadata, scopes,
    status, created_at, updated_at)
  values (?1, ?1, 'test', 'pem', ?1, 'https://n.test', '[]', '{}', '["messages:send","messages:read-own"]', 'active', 0, 0)`;
const FILL_SQL = `with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
  insert into messages (id, from_node, message_type, content, priority, metadata, created_at, expires_at, size_bytes)
  select printf('msg_%026d', i), 'old-' || (i % 50), 'x', '1', i % 4, '{}', ?1, ?1 + 3600000 + i, 3 from n`;
const FILL_DELIVERIES_SQL = `insert into deliveries (to_node, message_seq, priority, expires_at, size_bytes)
  select 'old-' || (seq % 40), seq, priority, expires_at, 3 from messages`;

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
  for (const id of ['a', 'b', 'c']) await api.database.write({ sql: NODE_SQL, args: [id] });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

function contextOf(id: string, more: Partial<ServiceContext> = {}): ServiceContext {
  const actor: NodeActor = { kind: 'node', id, name: id, scopes: ['messages:send', 'messages:read-own'] };
  return { ...api.as(actor), ...more };
}

function messageTo(toNodes: readonly string[], more: Partial<SendMessageInput> = {}): SendMessageInput {
  return {
    fromNode: 'a',
    toNodes,
    messageType: 'x',
    content: { text: 'hello' },
    priority: 'normal',
    ttlSeconds: 3_600,
    metadata: {},
    idempotencyKey: null,
    ...more,
  };
}

test('what expired leaves its mailbox, and a day later the database', async () => {
  const ctx = contextOf('a');
  await sendMessage(ctx, messageTo(['b', 'c'], { ttlSeconds: 10 }));
  const { messageId } = await sendMessage(ctx, messageTo(['b'], { ttlSeconds: 7_200 }));
  const read = async (sql: string) => await api.database.read(sql);
  api.clock.advance(11_000);
  await tidyMessages(ctx);
  expect(await read('select node_id, pending from mailboxes order by 1')).toEqual([
    { node_id: 'b', pending: 1 },
    { node_id: 'c', pending: 0 },
  ]);
  expect(await read("select count(*) as n from messages where content = 'null'")).toEqual([{ n: 1 }]);
  api.clock.advance(24 * HOUR_MS);
  await tidyMessages(ctx);
  expect(await read('select id from messages')).toEqual([{ id: messageId }]);
  expect(await read('select count(*) as n from deliveries')).toEqual([{ n: 1 }]);
  api.clock.advance(24 * HOUR_MS);
  await tidyMessages(ctx);
  expect(
    await read('select (select count(*) from messages) + (select count(*) from deliveries) as n'),
  ).toEqual([{ n: 0 }]);
});

test('an answer is bounded in bytes, and a first message comes whatever its size', async () => {
  const ctx = contextOf('a');
  const large = { content: 'x'.repeat(250_000) };
  for (let at = 0; at < 20; at += 1) await sendMessage(ctx, messageTo(['a'], large));
  const first = await listPending(ctx, { nodeId: 'a' }, NEVER);
  expect(first.length).toBe(16);
  for (const { id } of first) await markRead(ctx, { id });
  expect(await listPending(ctx, { nodeId: 'a' }, NEVER)).toHaveLength(4);
  for (const { id } of await listPending(ctx, { nodeId: 'a' }, NEVER)) await markRead(ctx, { id });
});

test('a stream that is left leaves nobody waiting', async () => {
  const mailboxes = createMailboxBell(api);
  const ctx = contextOf('b', { mailboxes });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const gone = new AbortController();
  const events = streamMessages(ctx, { nodeId: 'b', afterEventId: 0 }, gone.signal);
  const next = events.next();
  await vi.waitUntil(() => vi.getTimerCount() >= 2);
  gone.abort();
  expect((await next).done).toBe(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

type Asked = { sql: string; args: readonly SqlValue[] };

/** The database, with a note of whatever it is asked. */
function recordAsked(asked: Asked[]): Database {
  const { database } = api;
  return {
    ...database,
    read: async (sql, args = []) => {
      asked.push({ sql, args });
      return await database.read(sql, args);
    },
    write: async (statement) => {
      asked.push(statement);
      return await database.write(statement);
    },
    writeAll: async (statements) => {
      asked.push(...statements);
      return await database.writeAll(statements);
    },
  };
}

/** Of a table; what a statement brings along, and what it has narrowed down, may be gone through and sorted. */
function isScan(plan: string): boolean {
  const isWhole = /SCAN (?!\w+ VIRTUAL TABLE|CONSTANT ROW|\(|old\b|waiting\b)/.test(plan);
  const isNarrow = /^(SCAN r VIRTUAL|CO-ROUTINE waiting)/.test(plan);
  return isWhole || (plan.includes('USE TEMP B-TREE FOR ORDER BY') && !isNarrow);
}

test('no statement of a message scans a table, however many there are', async () => {
  const nowMs = api.clock.now();
  await api.database.writeAll([
    { sql: FILL_SQL, args: [nowMs] },
    { sql: FILL_DELIVERIES_SQL, args: [] },
  ]);
  const asked: Asked[] = [];
  const ctx = contextOf('a', { database: recordAsked(asked) });
  await sendMessage(ctx, messageTo(['a', 'b', 'nobody']));
  const { messageId: id } = await sendMessage(ctx, messageTo(['a'], { idempotencyKey: 'k' }));
  await sendMessage(ctx, messageTo(['a'], { idempotencyKey: 'k' }));
  await sendMessage(ctx, messageTo(['nobody']));
  await listPending(ctx, { nodeId: 'a' }, NEVER);
  const full = contextOf('old-1', { database: ctx.database });
  expect(await listPending(full, { nodeId: 'old-1', limit: 500 }, NEVER)).toHaveLength(500);
  await api.database.write({ sql: 'update mailboxes set bytes = 99999999', args: [] });
  expect(await listPending(full, { nodeId: 'old-1', limit: 500 }, NEVER)).toHaveLength(500);
  await markRead(ctx, { id });
  await markRead(ctx, { id });
  const events = streamMessages(ctx, { nodeId: 'a', afterEventId: 1 }, NEVER);
  await events.next();
  await events.return(undefined);
  await tidyMessages(ctx);
  expect(asked.length).toBeGreaterThan(15);
  const plans = await Promise.all(
    asked.map(async ({ sql, args }) => {
      const rows = await api.database.read(`explain query plan ${sql}`, args);
      return { sql, plan: rows.map((row) => String(row['detail'])).join('\n') };
    }),
  );
  expect(plans.filter(({ plan }) => isScan(plan))).toEqual([]);
});
