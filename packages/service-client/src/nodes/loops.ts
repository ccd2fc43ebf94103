import type { Runtime } from '../runtime.ts';
import { describeFailure, type Log } from './log.ts';
import { isLockedOut, NodeClientError } from './node-error.ts';
import { chooseBackoffMs, pause } from './waiting.ts';

/** Something that goes on by itself. */
export type NodeLoop = {
  /** Resolves when it has ended in order; rejects when the broker does not let this node in any more. */
  done: Promise<void>;
  /** Ends it and resolves when nothing of it runs any more. Never rejects. */
  stop: () => Promise<void>;
};

export type LoopParts = { runtime: Pick<Runtime, 'clock' | 'random'>; log: Log };

type LoopOptions = {
  run: (signal: AbortSignal) => Promise<void>;
  /** What is still to be done when it has ended. */
  drain?: () => Promise<void>;
  signal?: AbortSignal | undefined;
};

export function startLoop({ run, drain, signal }: LoopOptions): NodeLoop {
  const abort = new AbortController();
  const onAbort = (): void => abort.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  const runAll = async (): Promise<void> => {
    try {
      await run(abort.signal);
    } catch (error) {
      // What ends by being stopped ends in order.
      if (!abort.signal.aborted) throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      await drain?.();
    }
  };
  const done = runAll();
  // Whoever does not look at it has the log.
  const settled = done.catch(() => undefined);
  return {
    done,
    stop: async () => {
      abort.abort();
      await settled;
    },
  };
}

type Repetition = {
  name: string;
  /** Rests between two steps by itself. */
  step: (signal: AbortSignal) => Promise<void>;
  longestMs: number;
  signal: AbortSignal;
};

const FIRST_BACKOFF_MS = 500;

/** One step after the other until it is told to end. Failures are waited out, unless the broker does not let us in. */
export async function repeat(parts: LoopParts, { name, step, longestMs, signal }: Repetition): Promise<void> {
  const { runtime, log } = parts;
  let failures = 0;
  while (!signal.aborted) {
    try {
      await step(signal);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      const facts = describeFailure(error);
      if (isLockedOut(error)) {
        log('error', `${name}.locked_out`, facts);
        throw error;
      }
      failures += 1;
      const told = error instanceof NodeClientError ? error.retryAfterMs : undefined;
      const backoff = { firstMs: FIRST_BACKOFF_MS, longestMs, random: runtime.random };
      const waitMs = told ?? chooseBackoffMs(backoff, failures);
      log('warn', `${name}.failed`, { ...facts, failures, waitMs: Math.round(waitMs) });
      await pause(runtime.clock, waitMs, signal);
    }
  }
}
