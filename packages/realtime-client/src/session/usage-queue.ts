import type { Broker, UsageEvent } from '../broker/broker.ts';
import type { RealtimeError } from '../errors.ts';
import type { Clock } from '../platform/platform.ts';
import type { SessionWarning } from './events.ts';
import { createUsageSender } from './usage-sender.ts';

const COLLECT_MS = 1_000;
const RETRY_AFTER_MS = [2_000, 5_000, 15_000];
const LONGEST_WAIT_MS = 30_000;
const RETRY_AFTER_END_MS = [1_000, 4_000];

/** Usage on its way to the broker: collected for a moment, kept through an outage, each event delivered at least once. */
export type UsageQueue = {
  add(event: UsageEvent): void;
  /** Sends what is left at once; resolves when it is delivered or given up. */
  finish(): Promise<void>;
  /** Synchronous, for a page that is going away. */
  finishOnClose(): void;
};

type UsageQueueOptions = {
  broker: Pick<Broker, 'reportUsage' | 'reportUsageOnClose'>;
  clock: Clock;
  sessionId: string;
  warn: (warning: SessionWarning) => void;
};

export function createUsageQueue({ broker, clock, sessionId, warn }: UsageQueueOptions): UsageQueue {
  const onLost = (error: RealtimeError) => warn({ code: 'usage_not_reported', error });
  const sender = createUsageSender({ broker, sessionId, onLost });
  let sending: Promise<void> | null = null;
  let stopTimer: (() => void) | null = null;
  let failures = 0;
  let isFinished = false;

  const schedule = (ms: number) => {
    stopTimer ??= clock.startTimer(ms, () => {
      stopTimer = null;
      sending ??= send();
    });
  };

  const send = async (): Promise<void> => {
    const error = await sender.sendAll();
    sending = null;
    failures = error ? failures + 1 : 0;
    if (isFinished) return;
    if (error) schedule(RETRY_AFTER_MS[failures - 1] ?? LONGEST_WAIT_MS);
    // What came in the moment between the last look and here must not wait for the next one.
    else if (!sender.isEmpty) schedule(COLLECT_MS);
  };

  const stop = () => {
    isFinished = true;
    stopTimer?.();
    stopTimer = null;
  };

  return {
    add(event) {
      if (isFinished) return;
      sender.add(event);
      if (!sending) schedule(COLLECT_MS);
    },
    async finish() {
      stop();
      await sending;
      for (const waitMs of [...RETRY_AFTER_END_MS, null]) {
        const error = await sender.sendAll();
        if (!error) return;
        if (waitMs === null) return onLost(error);
        await new Promise<void>((resolve) => void clock.startTimer(waitMs, resolve));
      }
    },
    finishOnClose() {
      stop();
      sender.sendOnClose();
    },
  };
}
