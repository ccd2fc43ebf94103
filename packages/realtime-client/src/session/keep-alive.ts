import type { Broker } from '../broker/broker.ts';
import { toReportError } from '../broker/to-report-error.ts';
import type { Clock } from '../platform/platform.ts';
import type { Emitter } from './emitter.ts';
import type { SessionEvents } from './events.ts';
import { repeat } from './repeat.ts';
import { createTimeLimit } from './time-limit.ts';

const HEARTBEAT_EVERY_MS = 30_000;
const REFRESH_ACCESS_EVERY_MS = 60_000;
const WARN_SECONDS = 60;

/** Signs of life of a running call, and the time limit that their answers carry. */
export type KeepAlive = {
  start(sessionId: string): void;
  /** One at once. */
  beat(sessionId: string): Promise<void>;
  stop(): void;
};

type KeepAliveOptions = {
  broker: Pick<Broker, 'heartbeat' | 'refreshAccess'>;
  clock: Clock;
  emitter: Emitter<SessionEvents>;
  onTimeUp: () => void;
};

export function createKeepAlive({ broker, clock, emitter, onTimeUp }: KeepAliveOptions): KeepAlive {
  const stops: (() => void)[] = [];
  let isStopped = false;

  const limit = createTimeLimit({
    clock,
    warnSeconds: WARN_SECONDS,
    onAlmostUp: (remainingSeconds) => emitter.emit('time_almost_up', { remainingSeconds }),
    onUp: () => {
      emitter.emit('time_up', null);
      onTimeUp();
    },
  });

  const beat = async (sessionId: string) => {
    if (isStopped) return;
    try {
      const { remainingSeconds } = await broker.heartbeat(sessionId);
      if (!isStopped) limit.update(remainingSeconds);
    } catch (cause) {
      if (!isStopped) emitter.emit('warning', { code: 'heartbeat_not_sent', error: toReportError(cause) });
    }
  };

  const refreshAccess = async () => {
    try {
      await broker.refreshAccess();
    } catch (cause) {
      emitter.emit('warning', { code: 'access_not_refreshed', error: toReportError(cause) });
    }
  };

  return {
    start(sessionId) {
      stops.push(repeat(clock, HEARTBEAT_EVERY_MS, () => void beat(sessionId)));
      stops.push(repeat(clock, REFRESH_ACCESS_EVERY_MS, () => void refreshAccess()));
    },
    beat,
    stop() {
      isStopped = true;
      limit.stop();
      for (const stopOne of stops) stopOne();
    },
  };
}
