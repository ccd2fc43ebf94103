/**
 * S: a mint in under a hundred lines, as the reference's ceiling describes it: HS256, a limit per user, one of eight keys
 * opened, the bare proxy, and a session and a counter committed before the answer, those of one turn together. No
 * validation, no budget, no log, no second try.
 */
import { DatabaseSync } from 'node:sqlite';

import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { jwtVerify } from 'jose';
import { Pool } from 'undici';

import { listenForParent } from './listen-for-parent.ts';

const [upstreamUrl = '', databaseFile = '', jwtSecret = ''] = process.argv.slice(2);
const MINTS_PER_MINUTE = 100_000_000;
const MINUTE_MS = 60_000;
const KEYS = 8;

const upstream = new Pool(upstreamUrl, { connections: null, keepAliveTimeout: 60_000 });
const database = new DatabaseSync(databaseFile);
database.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = 4000;
  create table sessions (id text primary key, user_id text not null, issued_at integer not null);
  create table users (id text primary key, mints integer not null)`);
const begin = database.prepare('begin immediate');
const commit = database.prepare('commit');
const insert = database.prepare('insert into sessions values (?, ?, ?)');
const count = database.prepare('insert into users values (?, 1) on conflict do update set mints = mints + 1');

let waiting: { userId: string; done: () => void }[] = [];

function flush(): void {
  const batch = waiting;
  waiting = [];
  begin.run();
  for (const { userId } of batch) {
    insert.run(crypto.randomUUID(), userId, Date.now());
    count.run(userId);
  }
  commit.run();
  for (const { done } of batch) done();
}

function record(userId: string): Promise<void> {
  return new Promise((done) => {
    waiting.push({ userId, done });
    if (waiting.length === 1) setImmediate(flush);
  });
}

const sealedKeys = await Promise.all(
  Array.from({ length: KEYS }, async (_, index) => {
    const key = await crypto.subtle.importKey('raw', new Uint8Array(32).fill(index), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]);
    const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12).fill(index) };
    const bytes = await crypto.subtle.encrypt(algorithm, key, new TextEncoder().encode('sk-bench'));
    return async () => new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, bytes));
  }),
);
let turn = 0;

const windows = new Map<string, { startMs: number; mints: number }>();

function hasRoom(userId: string): boolean {
  const nowMs = Date.now();
  const known = windows.get(userId);
  const window =
    known !== undefined && nowMs - known.startMs < MINUTE_MS ? known : { startMs: nowMs, mints: 0 };
  windows.set(userId, window);
  window.mints += 1;
  return window.mints <= MINTS_PER_MINUTE;
}

const verifyingKey = new TextEncoder().encode(jwtSecret);
const app = new Hono();

app.post('/v1/realtime/client_secrets', async (context) => {
  const token = context.req.header('authorization')?.slice('Bearer '.length) ?? '';
  const { payload } = await jwtVerify(token, verifyingKey, { algorithms: ['HS256'] });
  const userId = payload.sub ?? '';
  if (!hasRoom(userId)) return context.body(null, 429);
  const openKey = sealedKeys[(turn += 1) % KEYS];
  const answer = await upstream.request({
    path: '/v1/realtime/client_secrets',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await openKey?.()}` },
    body: await context.req.text(),
  });
  const body = await answer.body.text();
  await record(userId);
  return context.body(body, answer.statusCode === 200 ? 200 : 502, { 'content-type': 'application/json' });
});

listenForParent(createAdaptorServer({ fetch: app.fetch }));
