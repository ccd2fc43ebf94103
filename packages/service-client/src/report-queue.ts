import { KeyClientError } from './errors.ts';
import type { KeyServer } from './key-server.ts';
import { raceDeadline, type Runtime } from './runtime.ts';

/** One use of a key, as it goes over the wire. */
export type UsageReport = {
  keyId: string;
  success: boolean;
  /** A code such as `rate_limit_exceeded`; the server also takes free text, which it masks. Never put a key in here. */
  error?: string;
  /** Made once; the server counts a report with it once, however often it arrives. */
  idempotencyKey: string;
};

/**
 * Why reports were given up: `queue_full` more came in than go out · `refused` the server does not take this one ·
 * `unknown_key` the key is deleted · `expired` older than the server remembers idempotency keys · `closed` still not
 * delivered when `close()` ran out of time, or made after it.
 */
export type DropReason = 'queue_full' | 'refused' | 'unknown_key' | 'expired' | 'closed';
export type DroppedReports = { reason: DropReason; reports: readonly UsageReport[] };

export type ReportQueueOptions = {
  flushIntervalMs: number;
  flushSize: number;
  maxQueued: number;
  closeTimeoutMs: number;
  onDropped: (dropped: DroppedReports) => void;
};

export type ReportStats = { queued: number; delivered: number; dropped: number };
export type ReportQueueParts = { server: KeyServer; runtime: Runtime; options: ReportQueueOptions };

type Queued = { report: UsageReport; addedAtMs: number };
type Sending = { done: Promise<void>; startedAtMs: number };
type Timer = { dueAtMs: number; cancel: () => void };

/** The server's own limit. */
const MAX_BATCH = 500;
/** An hour less than the server remembers idempotency keys: a later retry could count twice. */
const LONGEST_AGE_MS = 23 * 3_600_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
const SENDING_LEASE_MS = 60_000;

/** Keeps each report in memory until the server has said that it has it, up to `maxQueued` of them. */
export class ReportQueue {
  readonly #parts: ReportQueueParts;
  #queue: Queued[] = [];
  #timer: Timer | null = null;
  #sending: Sending | null = null;
  #failures = 0;
  /** Reports a request; halved when the server refuses them, until the bad one stands alone. */
  #batchSize = MAX_BATCH;
  #isClosed = false;
  #delivered = 0;
  #dropped = 0;

  constructor(parts: ReportQueueParts) {
    this.#parts = parts;
  }

  add(report: UsageReport, isUrgent: boolean): void {
    const { maxQueued, flushSize, flushIntervalMs } = this.#parts.options;
    if (this.#isClosed) return this.#drop('closed', [report]);
    if (this.#queue.length >= maxQueued) return this.#drop('queue_full', [report]);
    this.#queue.push({ report, addedAtMs: this.#now() });
    // After a failed try the back-off decides, else every report would be a try of its own.
    if (this.#failures > 0) return;
    const isNow = isUrgent || this.#queue.length >= flushSize;
    this.#schedule(isNow ? 0 : flushIntervalMs);
  }

  /** Sends what is queued; resolves when all is delivered or a try has failed. */
  flush(): Promise<void> {
    const sending = this.#sending;
    // A send that a Worker's ended request took with it is started again: the server counts each report once.
    if (sending !== null && this.#now() - sending.startedAtMs < SENDING_LEASE_MS) return sending.done;
    const started: Sending = { done: this.#sendAll(), startedAtMs: this.#now() };
    this.#sending = started;
    started.done = started.done.finally(() => {
      if (this.#sending === started) this.#sending = null;
    });
    this.#parts.runtime.waitUntil(started.done);
    return started.done;
  }

  /** For hosts whose timers end with a request: sends when the time for it has passed. */
  flushIfDue(): void {
    if (this.#timer !== null && this.#now() >= this.#timer.dueAtMs) void this.flush();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { clock } = this.#parts.runtime;
    const deadlineMs = this.#now() + this.#parts.options.closeTimeoutMs;
    await raceDeadline(clock, deadlineMs - this.#now(), this.flush());
    while (this.#queue.length > 0 && this.#now() < deadlineMs) {
      await this.#pause(Math.min(deadlineMs - this.#now(), this.#backoffMs()));
      await raceDeadline(clock, Math.max(0, deadlineMs - this.#now()), this.flush());
    }
    this.#stopTimer();
    const left = this.#queue;
    this.#queue = [];
    this.#drop('closed', toReports(left));
  }

  stats(): ReportStats {
    return { queued: this.#queue.length, delivered: this.#delivered, dropped: this.#dropped };
  }

  #now(): number {
    return this.#parts.runtime.clock.now();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#parts.runtime.clock.startTimer(ms, resolve);
    });
  }

  #drop(reason: DropReason, reports: readonly UsageReport[]): void {
    if (reports.length === 0) return;
    this.#dropped += reports.length;
    // Whoever reports a use is not to fail by what the host does with what is lost, now or later.
    new Promise<void>((resolve) => {
      resolve(this.#parts.options.onDropped({ reason, reports }));
    }).catch(() => undefined);
  }

  #remove(batch: readonly Queued[]): void {
    const gone = new Set(batch);
    this.#queue = this.#queue.filter((queued) => !gone.has(queued));
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #schedule(ms: number): void {
    const dueAtMs = this.#now() + ms;
    if (this.#timer !== null && this.#timer.dueAtMs <= dueAtMs) return;
    this.#stopTimer();
    const { clock, waitUntil } = this.#parts.runtime;
    const { promise, resolve } = Promise.withResolvers<void>();
    // While nothing but a retry is waiting, a process may end.
    const isBackground = this.#failures > 0;
    const onTime = (): void => {
      this.#timer = null;
      resolve(this.flush());
    };
    const cancelTimer = clock.startTimer(ms, onTime, isBackground);
    const cancel = (): void => {
      cancelTimer();
      resolve();
    };
    this.#timer = { dueAtMs, cancel };
    waitUntil(promise);
  }

  async #sendAll(): Promise<void> {
    this.#stopTimer();
    this.#dropExpired();
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, this.#batchSize);
      const error = await this.#sendBatch(batch);
      if (error === null) continue;
      if (isAboutReports(error)) {
        this.#settleRefusal(batch);
        continue;
      }
      this.#failures += 1;
      // What was added meanwhile waits with the rest: the server has just said no.
      this.#stopTimer();
      if (!this.#isClosed) this.#schedule(error.retryAfterMs ?? this.#backoffMs());
      return;
    }
  }

  async #sendBatch(batch: readonly Queued[]): Promise<KeyClientError | null> {
    const reports = toReports(batch);
    try {
      const unknown = new Set(await this.#parts.server.postReports(reports));
      const lost = reports.filter(({ keyId }) => unknown.has(keyId));
      this.#remove(batch);
      this.#delivered += reports.length - lost.length;
      this.#failures = 0;
      this.#drop('unknown_key', lost);
      return null;
    } catch (error) {
      if (error instanceof KeyClientError) return error;
      throw error;
    }
  }

  #settleRefusal(batch: readonly Queued[]): void {
    if (batch.length > 1) {
      this.#batchSize = Math.ceil(batch.length / 2);
      return;
    }
    this.#remove(batch);
    this.#batchSize = MAX_BATCH;
    this.#drop('refused', toReports(batch));
  }

  #dropExpired(): void {
    const oldestMs = this.#now() - LONGEST_AGE_MS;
    const expired = this.#queue.filter(({ addedAtMs }) => addedAtMs < oldestMs);
    this.#remove(expired);
    this.#drop('expired', toReports(expired));
  }

  /** From half of it to all of it, so that many clients do not come back at once. */
  #backoffMs(): number {
    const exponent = Math.max(0, this.#failures - 1);
    const longestMs = Math.min(FIRST_BACKOFF_MS * 2 ** exponent, LONGEST_BACKOFF_MS);
    return longestMs * (0.5 + this.#parts.runtime.random() / 2);
  }
}

/** Any other no is about the caller or the address, and may be mended while the reports wait. */
function isAboutReports({ status }: KeyClientError): boolean {
  return status === 400 || status === 413 || status === 422;
}

function toReports(queued: readonly Queued[]): UsageReport[] {
  return queued.map(({ report }) => report);
}
