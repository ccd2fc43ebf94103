import { type LoopParts, type NodeLoop, repeat, startLoop } from './loops.ts';
import type { Heartbeat, NodeCalls } from './node-calls.ts';
import { pause } from './waiting.ts';

export type HeartbeatOptions = {
  /** Asked before each beat. */
  read?: () => Heartbeat | Promise<Heartbeat>;
  /** Milliseconds; by default what the broker says with each beat. */
  intervalMs?: number;
  signal?: AbortSignal;
};

const LONGEST_BACKOFF_MS = 15_000;

/** A sign of life now and from then on. A tenth early at most, so that many nodes do not beat at once. */
export function startHeartbeat(
  parts: LoopParts & Pick<NodeCalls, 'sendHeartbeat'>,
  { read = () => ({}), intervalMs, signal: outer }: HeartbeatOptions,
): NodeLoop {
  const { runtime, log } = parts;
  const step = async (signal: AbortSignal): Promise<void> => {
    const receipt = await parts.sendHeartbeat(await read(), { signal });
    log('debug', 'heartbeat.sent');
    const wholeMs = intervalMs ?? receipt.nextHeartbeatInSeconds * 1_000;
    await pause(runtime.clock, wholeMs * (1 - runtime.random() / 10), signal);
  };
  return startLoop({
    signal: outer,
    run: (signal) => repeat(parts, { name: 'heartbeat', step, longestMs: LONGEST_BACKOFF_MS, signal }),
  });
}
