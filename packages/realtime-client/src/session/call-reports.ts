import type { ServerEvent } from '@ephemera/realtime-protocol';

import type { Broker, ConnectedReport, EndReport } from '../broker/broker.ts';
import type { Clock } from '../platform/platform.ts';
import type { Emitter } from './emitter.ts';
import type { SessionEvents, SessionWarning } from './events.ts';
import { createKeepAlive } from './keep-alive.ts';
import { createReporter } from './reporter.ts';
import { readTranscriptionModel, toUsageEvent } from './usage-events.ts';
import { createUsageQueue } from './usage-queue.ts';
import type { UsageQueue } from './usage-queue.ts';

/** All that a call tells the broker: that it stands, that it still runs, what it used, and how it ended. */
export type CallReports = {
  /** Once there is a session to report on. */
  begin(sessionId: string): void;
  /** From then on the call gives signs of life. */
  connected(report: ConnectedReport): Promise<void>;
  receive(event: ServerEvent): void;
  /** Resolves when all is delivered or given up. */
  end(report: EndReport): Promise<void>;
  endOnClose(report: EndReport): void;
  /** No more signs of life; what is to be told at the end is told by the end. */
  stop(): void;
};

type CallReportsOptions = {
  broker: Broker;
  clock: Clock;
  emitter: Emitter<SessionEvents>;
  /** The broker's limit is reached. */
  onTimeUp: () => void;
};

export function createCallReports({ broker, clock, emitter, onTimeUp }: CallReportsOptions): CallReports {
  const warn = (warning: SessionWarning) => emitter.emit('warning', warning);
  const reporter = createReporter({ broker, clock, warn });
  const keepAlive = createKeepAlive({ broker, clock, emitter, onTimeUp });
  let usage: UsageQueue | null = null;
  let transcriptionModel: string | null = null;

  return {
    begin(sessionId) {
      usage = createUsageQueue({ broker, clock, sessionId, warn });
    },
    async connected(report) {
      keepAlive.start(report.sessionId);
      await reporter.connected(report);
      await keepAlive.beat(report.sessionId);
    },
    receive(event) {
      if (event.type === 'session.created' || event.type === 'session.updated') {
        transcriptionModel = readTranscriptionModel(event.session);
      }
      const used = toUsageEvent(event, transcriptionModel);
      if (used) usage?.add(used);
    },
    async end(report) {
      await Promise.all([usage?.finish(), reporter.end(report)]);
    },
    endOnClose(report) {
      usage?.finishOnClose();
      reporter.endOnClose(report);
    },
    stop: () => keepAlive.stop(),
  };
}
