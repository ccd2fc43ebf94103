import type { Database } from '@ephemera/db';

import type { Logger } from '../context.ts';
import { describeError } from '../errors.ts';

/** Somebody who waits for a mailbox to be filled. To be ended, whatever happens. */
export type Attendance = {
  /** From now on: whatever comes after it is heard. To be called before the mailbox is looked into. */
  listen: () => void;
  /** Resolves when something may have come, at the latest after `timeoutMs`, and at once when `signal` is aborted. */
  wait: (timeoutMs: number, signal: AbortSignal) => Promise<void>;
  end: () => void;
};

/** Tells those who wait that it is worth looking. It may ring for nothing; it never stays silent. */
export interface MailboxBell {
  ring: (nodeIds: Iterable<string>) => void;
  attend: (nodeId: string) => Attendance;
  /** Whether as many wait for this node already as may. */
  isCrowded: (nodeId: string) => boolean;
  /** Whether the host is about to end: nobody is to wait any longer. */
  isClosed: () => boolean;
  /** Everybody who waits, and will wait, is let go. */
  close: () => void;
  /** How long a stream may stay open on this host. */
  readonly maxStreamMs: number;
  /** Milliseconds on a clock that nobody sets. */
  nowMs: () => number;
}

/** So late the news of another process is heard. */
const WATCH_MS = 200;
const MAX_STREAM_MS = 600_000;
/** Of one node: each looks into the mailbox whenever something comes. */
const MAX_WAITING = 64;

const NEWEST_SQL = 'select coalesce(max(seq), 0) as newest from messages';
const RECIPIENTS_SQL = 'select distinct to_node from deliveries where message_seq > ?1 and message_seq <= ?2';

type Listener = { hasRung: boolean; wake: (() => void) | null };

function ringAt(listener: Listener): void {
  listener.hasRung = true;
  listener.wake?.();
}

async function waitAt(
  listener: Listener,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  if (listener.hasRung || signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  listener.wake = resolve;
  signal.addEventListener(
    'abort',
    () => {
      resolve();
    },
    { once: true },
  );
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    listener.wake = null;
  }
}

type Watch = { database: Pick<Database, 'read'>; logger: Logger; listeners: Map<string, Set<Listener>> };

/** Looks for what other processes have sent, for as long as somebody waits. */
function createWatch({ database, logger, listeners }: Watch, ring: MailboxBell['ring']) {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let seenSeq: number | null = null;

  async function look(): Promise<void> {
    const [row] = await database.read(NEWEST_SQL);
    const newest = Number(row?.['newest'] ?? 0);
    if (seenSeq === null) {
      // Whoever came before this first look may have missed any of them.
      ring([...listeners.keys()]);
    } else if (newest > seenSeq) {
      const rows = await database.read(RECIPIENTS_SQL, [seenSeq, newest]);
      ring(rows.map((it) => String(it['to_node'])));
    }
    seenSeq = newest;
  }

  async function lookAndGoOn(): Promise<void> {
    try {
      await look();
    } catch (error) {
      logger.warn('messages.watch_failed', { error: describeError(error) });
    }
    timer = null;
    if (listeners.size > 0) start();
    else seenSeq = null;
  }

  function start(): void {
    timer ??= setTimeout(() => void lookAndGoOn(), WATCH_MS);
  }

  return { start };
}

/** Within one process: who waits is woken by who sends. */
export function createMailboxBell(parts: { database: Pick<Database, 'read'>; logger: Logger }): MailboxBell {
  const listeners = new Map<string, Set<Listener>>();
  let isClosed = false;

  function ring(nodeIds: Iterable<string>): void {
    for (const nodeId of nodeIds) for (const listener of listeners.get(nodeId) ?? []) ringAt(listener);
  }

  const watch = createWatch({ ...parts, listeners }, ring);

  function leave(nodeId: string, listener: Listener): void {
    const others = listeners.get(nodeId);
    others?.delete(listener);
    if (others?.size === 0) listeners.delete(nodeId);
  }

  return {
    ring,
    attend: (nodeId) => {
      const listener: Listener = { hasRung: false, wake: null };
      const others = listeners.get(nodeId) ?? new Set();
      listeners.set(nodeId, others.add(listener));
      watch.start();
      return {
        listen: () => {
          listener.hasRung = isClosed;
        },
        wait: (timeoutMs, signal) => waitAt(listener, { timeoutMs, signal }),
        end: () => {
          leave(nodeId, listener);
        },
      };
    },
    isCrowded: (nodeId) => (listeners.get(nodeId)?.size ?? 0) >= MAX_WAITING,
    isClosed: () => isClosed,
    close: () => {
      isClosed = true;
      ring([...listeners.keys()]);
    },
    maxStreamMs: MAX_STREAM_MS,
    nowMs: () => performance.now(),
  };
}
