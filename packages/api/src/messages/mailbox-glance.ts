import { createBoundedCache } from '../bounded-cache.ts';
import type { MailboxBell } from './mailbox-bell.ts';

/** Between two looks at this isolate's memory, and so late the news of its own is heard. */
const GLANCE_MS = 40;
/** After so long the mailbox is looked into anyway: another isolate may have sent. */
const LOOK_MS = 250;
/** The runtime gives a request a thousand calls to the database: four a second for so long, and some to spare. */
const MAX_STREAM_MS = 180_000;
const MAX_KNOWN = 10_000;

async function sleep(ms: number): Promise<void> {
  await new Promise<void>((resolve) => void setTimeout(resolve, ms));
}

/**
 * Within an isolate of Workers, where no request may go on with what another one resolves: who waits looks, with timers
 * of its own, at a count that who sends has raised.
 */
export function createMailboxGlance(): MailboxBell {
  const counts = createBoundedCache<number>(MAX_KNOWN);
  let rings = 0;
  return {
    ring: (nodeIds) => {
      rings += 1;
      for (const nodeId of nodeIds) counts.set(nodeId, rings);
    },
    attend: (nodeId) => {
      let heard = counts.get(nodeId);
      return {
        listen: () => {
          heard = counts.get(nodeId);
        },
        wait: async (timeoutMs, signal) => {
          const endsAtMs = performance.now() + Math.min(timeoutMs, LOOK_MS);
          for (let leftMs = endsAtMs - performance.now(); leftMs > 0; leftMs = endsAtMs - performance.now()) {
            if (signal.aborted || counts.get(nodeId) !== heard) return;
            await sleep(Math.min(GLANCE_MS, leftMs));
          }
        },
        end: () => undefined,
      };
    },
    // The runtime bounds what an isolate has under way.
    isCrowded: () => false,
    isClosed: () => false,
    close: () => undefined,
    maxStreamMs: MAX_STREAM_MS,
    nowMs: () => performance.now(),
  };
}
