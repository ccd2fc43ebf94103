import type { Runtime } from '../runtime.ts';
import { raceDeadline } from '../runtime.ts';
import { describeFailure, type Log } from './log.ts';
import type { NodeMessage, OpenedMessage, RejectionReason } from './message-crypto.ts';
import type { OutgoingMessage, PendingMessage, SendReceipt } from './messages.ts';
import { NodeClientError } from './node-error.ts';
import { chooseBackoffMs } from './waiting.ts';

export type MessageContext = {
  /** Aborted when the client is closed and its time for that is over. */
  signal: AbortSignal;
  /** 1 at first; more when a handler has failed before. */
  attempt: number;
  /**
   * Answers the sender, once for each message however often the handler runs; sealed and signed as the message was. Null:
   * it was answered before.
   */
  reply: (content: unknown, more?: ReplyOptions) => Promise<SendReceipt | null>;
};

export type ReplyOptions = Partial<Omit<OutgoingMessage, 'to' | 'content' | 'idempotencyKey'>>;

/** What it returns is awaited. Then the message is marked as read; when it throws, the message comes again. */
export type MessageHandler = (message: NodeMessage, context: MessageContext) => unknown;

/** By message type; `'*'` takes the rest. */
export type MessageHandlers = Readonly<Record<string, MessageHandler>>;

export type RejectedMessage = { id: string; fromNode: string; messageType: string; reason: RejectionReason };

export type IntakeParts = {
  runtime: Pick<Runtime, 'clock' | 'random'>;
  log: Log;
  handlers: MessageHandlers;
  concurrency: number;
  maxHandlerTries: number;
  open: (message: PendingMessage) => Promise<OpenedMessage>;
  markRead: (messageId: string) => Promise<void>;
  reply: (message: NodeMessage, content: unknown, more: ReplyOptions) => Promise<SendReceipt | null>;
  onRejected: (rejected: RejectedMessage) => void;
};

type Item = { message: PendingMessage; failures: number; handlerFailures: number; isHandled: boolean };

const MOST_QUEUED = 100;
const MOST_REMEMBERED = 10_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

/** Thrown on by a handler, to be told from what the broker does. */
class HandlerFailure extends Error {}

/** Runs each message through its handler and marks it as read after that; a failed one is tried again later. */
export class MessageIntake {
  readonly #parts: IntakeParts;
  readonly #queue: Item[] = [];
  /** All that are not done with: queued, running, waiting for another try, or given up until they expire. */
  readonly #items = new Map<string, Item>();
  /** Read, or as good as; an answer that was on its way may still bring them. */
  readonly #done = new Set<string>();
  readonly #timers = new Set<() => void>();
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #wakers: (() => void)[] = [];
  #isStopped = false;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** How many messages it has that may come again. */
  get size(): number {
    return this.#items.size;
  }

  /** False: it has it already. */
  accept(message: PendingMessage): boolean {
    if (this.#items.has(message.id) || this.#done.has(message.id)) return false;
    const item = { message, failures: 0, handlerFailures: 0, isHandled: false };
    this.#items.set(message.id, item);
    this.#enqueue(item);
    return true;
  }

  /** Resolves when less than `limit` messages wait or run. */
  async waitForRoom(limit = MOST_QUEUED): Promise<void> {
    while (!this.#isStopped && this.#queue.length + this.#running.size >= limit) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wakers.push(resolve);
      await promise;
    }
  }

  /** Lets the handlers that run end, for so long at most. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    for (const cancel of this.#timers) cancel();
    this.#wake();
    const { clock } = this.#parts.runtime;
    const ended = await raceDeadline(clock, timeoutMs, Promise.all(this.#running));
    if (ended === 'expired')
      this.#parts.log('warn', 'messages.handlers_aborted', { handlers: this.#running.size });
    this.#abort.abort();
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }

  #enqueue(item: Item): void {
    this.#queue.push(item);
    this.#pump();
  }

  #pump(): void {
    while (!this.#isStopped && this.#running.size < this.#parts.concurrency) {
      const item = this.#queue.shift();
      if (item === undefined) return;
      const run = this.#run(item).finally(() => {
        this.#running.delete(run);
        this.#pump();
        this.#wake();
      });
      this.#running.add(run);
    }
  }

  async #run(item: Item): Promise<void> {
    const { id } = item.message;
    try {
      if (!item.isHandled) await this.#handle(item);
      item.isHandled = true;
      await this.#parts.markRead(id);
      this.#finish(item);
    } catch (error) {
      this.#settleFailure(item, error);
    }
  }

  async #handle(item: Item): Promise<void> {
    const { log, handlers, open } = this.#parts;
    const { id, fromNode, messageType } = item.message;
    const opened = await open(item.message);
    if (!opened.ok) {
      const { reason } = opened;
      log('warn', 'message.rejected', { messageId: id, fromNode, messageType, reason });
      this.#parts.onRejected({ id, fromNode, messageType, reason });
      return;
    }
    const handler =
      (Object.hasOwn(handlers, messageType) ? handlers[messageType] : undefined) ?? handlers['*'];
    if (handler === undefined) {
      log('warn', 'message.unhandled', { messageId: id, fromNode, messageType });
      return;
    }
    const { message } = opened;
    try {
      await handler(message, {
        signal: this.#abort.signal,
        attempt: item.handlerFailures + 1,
        reply: (content, more = {}) => this.#parts.reply(message, content, more),
      });
    } catch (cause) {
      throw new HandlerFailure('A handler failed.', { cause });
    }
    log('debug', 'message.handled', { messageId: id, fromNode, messageType });
  }

  #finish({ message: { id } }: Item): void {
    this.#items.delete(id);
    this.#done.add(id);
    const [oldest] = this.#done;
    if (this.#done.size > MOST_REMEMBERED && oldest !== undefined) this.#done.delete(oldest);
  }

  #settleFailure(item: Item, error: unknown): void {
    const { log, maxHandlerTries } = this.#parts;
    const { id, messageType } = item.message;
    const isHandlers = error instanceof HandlerFailure;
    const facts = { messageId: id, messageType, ...describeFailure(isHandlers ? error.cause : error) };
    if (isHandlers) item.handlerFailures += 1;
    item.failures += 1;
    if (item.handlerFailures >= maxHandlerTries) {
      log('error', 'message.given_up', { ...facts, attempts: item.handlerFailures });
      this.#forgetWhenExpired(item);
      return;
    }
    if (item.isHandled && error instanceof NodeClientError && !error.retryable) {
      log('warn', 'message.not_marked_read', facts);
      this.#finish(item);
      return;
    }
    log('warn', isHandlers ? 'message.failed' : 'message.delayed', { ...facts, attempts: item.failures });
    this.#tryLater(item);
  }

  #tryLater(item: Item): void {
    if (this.#isStopped) return;
    const { clock, random } = this.#parts.runtime;
    const backoff = { firstMs: FIRST_BACKOFF_MS, longestMs: LONGEST_BACKOFF_MS, random };
    this.#startTimer(chooseBackoffMs(backoff, item.failures), () => {
      if (Date.parse(item.message.expiresAt) <= clock.now() && !item.isHandled) {
        const { id, messageType } = item.message;
        this.#parts.log('warn', 'message.expired', { messageId: id, messageType });
        this.#items.delete(id);
        return;
      }
      this.#enqueue(item);
    });
  }

  /** It stays unread: whoever starts anew gets it again, until it expires. */
  #forgetWhenExpired({ message }: Item): void {
    const waitMs = Date.parse(message.expiresAt) - this.#parts.runtime.clock.now();
    // Timers hold 2^31 - 1 ms, which is longer than any message lives.
    this.#startTimer(Math.max(0, waitMs), () => void this.#items.delete(message.id));
  }

  #startTimer(ms: number, callback: () => void): void {
    const cancelTimer = this.#parts.runtime.clock.startTimer(
      ms,
      () => {
        this.#timers.delete(cancel);
        callback();
      },
      true,
    );
    const cancel = (): void => {
      this.#timers.delete(cancel);
      cancelTimer();
    };
    this.#timers.add(cancel);
  }
}
