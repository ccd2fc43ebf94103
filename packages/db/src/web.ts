import { createClient } from '@libsql/client/web';
import { drizzle } from 'drizzle-orm/libsql/web';

import { createChainedBatch, toBatch } from './audit-chain-server.ts';
import { hasAudit } from './audit-chain.ts';
import type { Database } from './database.ts';
import { createLosses } from './write-losses.ts';
import { pause, sleep, TRIES } from './patience.ts';
import { createPatientFetch } from './patient-fetch.ts';
import * as schema from './schema.ts';
import type { Statement, WriteResult } from './statement.ts';
import { isBusy } from './write-queue-busy.ts';

export type WebDatabaseOptions = { url: string; authToken?: string | undefined };

/**
 * The client queues what is beyond its limit of 20, and then one request would go on with another one's I/O: the Workers
 * runtime ends both as hung. So nothing is ever queued; the runtime has its own limits a request.
 */
const NEVER_QUEUED = Number.MAX_SAFE_INTEGER;

/**
 * With eight at once libsql-server 0.24 came to a standstill for minutes, in one run of fifteen with 500 writers: its
 * threads spin, each waiting for the others to begin. With two it never did, and is as fast.
 */
const WRITES_AT_ONCE = 2;
/** Of two that follow the same entry one is refused: within an isolate they go one after the other. */
const AUDITED_WRITES_AT_ONCE = 1;
/** A request that the runtime ends gives nothing back: its turn ends by itself, and soon, since there are but two. */
const TURN_MS = 2_000;
/** Who waits looks often while few do, and seldom where their looking would be work of its own. */
const TURN_POLL_MS = { first: 4, each: 1, longest: 40 } as const;

/**
 * A server has one writer: beyond a few at once it spends its time on who is next. A turn is a value with an end, and
 * who waits looks for one with a timer of its own: on Workers no request can wake another.
 */
function createTurns(atOnce: number) {
  const ends = new Set<{ atMs: number }>();
  /** Where the runtime ended one of them it stays too high, and the others look less often. */
  let waiting = 0;

  function take(): { atMs: number } | null {
    const nowMs = Date.now();
    for (const end of ends) if (end.atMs <= nowMs) ends.delete(end);
    if (ends.size >= atOnce) return null;
    const turn = { atMs: nowMs + TURN_MS };
    ends.add(turn);
    return turn;
  }

  async function wait(): Promise<void> {
    const { first, each, longest } = TURN_POLL_MS;
    waiting += 1;
    await sleep(Math.min(first + waiting * each, longest) * (0.25 + Math.random()));
    waiting -= 1;
  }

  return async <Result>(run: () => Promise<Result>): Promise<Result> => {
    let turn = take();
    for (; turn === null; turn = take()) await wait();
    try {
      return await run();
    } finally {
      ends.delete(turn);
    }
  };
}

/** Many isolates write at once, and the server lets nobody wait for long. What it says is busy has not begun. */
async function writePatiently<Result>(write: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (!isBusy(error) || attempt === TRIES) throw error;
    }
    await pause(attempt);
  }
}

/**
 * A libSQL server over HTTP, for Workers. Each write goes out at once: requests of one isolate may not share I/O, so
 * there is no group commit here.
 */
export function createWebDatabase({ url, authToken }: WebDatabaseOptions): Database {
  const client = createClient({
    url,
    concurrency: NEVER_QUEUED,
    fetch: createPatientFetch(),
    ...(authToken === undefined ? {} : { authToken }),
  });
  const takeTurn = createTurns(WRITES_AT_ONCE);
  const takeAuditedTurn = createTurns(AUDITED_WRITES_AT_ONCE);
  const runChained = createChainedBatch(client);
  const losses = createLosses(() => Date.now());

  async function tryToWrite<Result>(write: () => Promise<Result>): Promise<Result> {
    try {
      const result = await writePatiently(write);
      losses.clear();
      return result;
    } catch (error) {
      losses.note(error);
      throw error;
    }
  }

  async function writeAll(statements: readonly Statement[]): Promise<readonly WriteResult[]> {
    return hasAudit(statements)
      ? await takeTurn(() => takeAuditedTurn(() => tryToWrite(() => runChained(statements))))
      : await takeTurn(() => tryToWrite(() => client.batch(toBatch(statements), 'write')));
  }

  async function writeAudited(statement: Statement): Promise<WriteResult> {
    const [result] = await writeAll([statement]);
    if (result === undefined) throw new Error('The server gave no answer for this statement.');
    return result;
  }

  return {
    orm: drizzle(client, { schema }),
    write: (statement) => {
      if (statement.audit !== undefined) return writeAudited(statement);
      const { sql, args } = statement;
      return takeTurn(() => tryToWrite(() => client.execute({ sql, args: [...args] })));
    },
    writeAll,
    lossAgoMs: losses.agoMs,
    read: async (sql, args = []) => (await client.execute({ sql, args: [...args] })).rows,
    close: async () => {
      client.close();
    },
  };
}
