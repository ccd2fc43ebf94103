import type { HeartbeatOptions } from './heartbeat-loop.ts';
import { describeFailure } from './log.ts';
import type { LoopParts } from './loops.ts';
import type { ListenOptions } from './message-loop.ts';
import type { NodeClient } from './node-client.ts';
import { NodeClientError } from './node-error.ts';
import { chooseBackoffMs, pause } from './waiting.ts';

export type RunOptions = ListenOptions & { heartbeat?: Omit<HeartbeatOptions, 'signal'> };

type RunParts = LoopParts & Pick<NodeClient, 'connect' | 'startHeartbeat' | 'listen'>;

const BACKOFF = { firstMs: 1_000, longestMs: 30_000 };

/** A broker that is away is waited for; one that says no is not asked again. */
async function connectAtLast({ runtime, log, connect }: RunParts, signal: AbortSignal | undefined) {
  for (let failures = 1; ; failures += 1) {
    try {
      await connect({ signal });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof NodeClientError) || !error.retryable) throw error;
      const waitMs = error.retryAfterMs ?? chooseBackoffMs({ ...BACKOFF, random: runtime.random }, failures);
      log('warn', 'node.connect_failed', { ...describeFailure(error), failures, waitMs: Math.round(waitMs) });
      await pause(runtime.clock, waitMs, signal);
    }
  }
}

export async function runNode(parts: RunParts, { heartbeat, ...listening }: RunOptions): Promise<void> {
  const { signal } = listening;
  try {
    await connectAtLast(parts, signal);
  } catch (error) {
    if (signal?.aborted === true) return;
    throw error;
  }
  const own = signal === undefined ? {} : { signal };
  const loops = [parts.startHeartbeat({ ...heartbeat, ...own }), parts.listen(listening)];
  try {
    await Promise.all(loops.map((loop) => loop.done));
  } finally {
    await Promise.all(loops.map((loop) => loop.stop()));
  }
}
