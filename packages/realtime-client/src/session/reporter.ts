import type { Broker, ConnectedReport, EndReport } from '../broker/broker.ts';
import { toReportError } from '../broker/to-report-error.ts';
import { RealtimeError } from '../errors.ts';
import type { Clock } from '../platform/platform.ts';
import type { SessionWarning } from './events.ts';

const RETRY_AFTER_MS = [1_000, 4_000];

/** Tells the broker what became of a session. The end is told exactly once, whichever way comes first. */
export type Reporter = {
  connected(report: ConnectedReport): Promise<void>;
  /** Resolves when delivered or given up. */
  end(report: EndReport): Promise<void>;
  /** Synchronous, for a page that is going away. */
  endOnClose(report: EndReport): void;
};

type ReporterOptions = { broker: Broker; clock: Clock; warn: (warning: SessionWarning) => void };

export function createReporter({ broker, clock, warn }: ReporterOptions): Reporter {
  let isEndReported = false;

  const deliver = async (code: SessionWarning['code'], report: () => Promise<void>) => {
    const error = await tryReport(clock, report);
    if (error) warn({ code, error });
  };

  return {
    connected: (report) => deliver('connected_not_reported', () => broker.reportConnected(report)),
    async end(report) {
      if (isEndReported) return;
      isEndReported = true;
      await deliver('end_not_reported', () => broker.reportEnd(report));
    },
    endOnClose(report) {
      if (isEndReported) return;
      isEndReported = true;
      if (broker.reportEndOnClose(report)) return;
      const error = new RealtimeError('broker_unreachable', 'The browser did not take the closing report');
      warn({ code: 'end_not_reported', error });
    },
  };
}

async function tryReport(clock: Clock, report: () => Promise<void>): Promise<RealtimeError | null> {
  for (const waitMs of [...RETRY_AFTER_MS, null]) {
    const error = await report().then(() => null, toReportError);
    if (!error?.retryable || waitMs === null) return error;
    await new Promise<void>((resolve) => void clock.startTimer(waitMs, resolve));
  }
  return null;
}
