import { describeError, type Logger } from '@ephemera/api';
import type { Database } from '@ephemera/db';

import { beatDemoNodes } from './demo-nodes.ts';

export type DemoBeatsOptions = { database: Database; logger: Logger; everyMs: number };

/** Lets the demo's nodes beat as real ones would, until it is disposed of. */
export function startDemoBeats({ database, logger, everyMs }: DemoBeatsOptions): AsyncDisposable {
  let underWay: Promise<void> | null = null;
  const timer = setInterval(() => {
    underWay ??= beatDemoNodes(database, Date.now())
      .catch((error: unknown) => {
        logger.warn('demo.beat_failed', { error: describeError(error) });
      })
      .finally(() => {
        underWay = null;
      });
  }, everyMs);
  timer.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await underWay;
    },
  };
}
