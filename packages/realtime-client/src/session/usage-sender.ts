import type { Broker, UsageEvent } from '../broker/broker.ts';
import { toReportError } from '../broker/to-report-error.ts';
import { RealtimeError } from '../errors.ts';

/** One request may carry so many. */
const BATCH = 64;
/** Half an hour of quick turns that nobody could deliver; the oldest go first, and the sums at the end have them all. */
const MAX_QUEUED = 512;

/** Usage that the broker does not have yet. */
export type UsageSender = {
  readonly isEmpty: boolean;
  add(event: UsageEvent): void;
  /** Sends all that is there; what came of it: `null`, or an error that may pass, with the rest still there. */
  sendAll(): Promise<RealtimeError | null>;
  /** Hands over all that is there, synchronously. */
  sendOnClose(): void;
};

type UsageSenderOptions = {
  broker: Pick<Broker, 'reportUsage' | 'reportUsageOnClose'>;
  sessionId: string;
  /** An event is lost. */
  onLost: (error: RealtimeError) => void;
};

export function createUsageSender({ broker, sessionId, onLost }: UsageSenderOptions): UsageSender {
  let queued: UsageEvent[] = [];
  let isAlone = false;

  /** What was taken leaves the queue. A refused batch is sent one by one, to lose only the event that is at fault. */
  const sendBatch = async (): Promise<RealtimeError | null> => {
    const events = queued.slice(0, isAlone ? 1 : BATCH);
    const error = await broker.reportUsage({ sessionId, events }).then(() => null, toReportError);
    if (error?.retryable) return error;
    isAlone = error !== null && events.length > 1;
    if (isAlone) return null;
    queued = queued.filter((event) => !events.includes(event));
    if (error) onLost(error);
    return null;
  };

  return {
    get isEmpty() {
      return queued.length === 0;
    },
    add(event) {
      queued.push(event);
      if (queued.length <= MAX_QUEUED) return;
      queued.shift();
      onLost(new RealtimeError('broker_unreachable', 'The broker could not be told of all usage'));
    },
    async sendAll() {
      while (queued.length > 0) {
        const error = await sendBatch();
        if (error) return error;
      }
      return null;
    },
    sendOnClose() {
      for (let at = 0; at < queued.length; at += BATCH) {
        broker.reportUsageOnClose({ sessionId, events: queued.slice(at, at + BATCH) });
      }
      queued = [];
    },
  };
}
