import { raceDeadline } from '../runtime.ts';
import { type LoopParts, repeat } from './loops.ts';
import type { MessageIntake } from './message-intake.ts';
import { type PendingMessage, readMessage } from './messages.ts';
import type { NodeCalls } from './node-calls.ts';
import { NodeClientError } from './node-error.ts';
import { type OpenAnswer, parseJson } from './node-http.ts';
import { readServerEvents, type ServerEvent } from './server-events.ts';
import { pause, untilAborted } from './waiting.ts';

export type SourceParts = LoopParts & {
  intake: MessageIntake;
  listPending: NodeCalls['listPending'];
  openMailbox: (lastEventId: string | null, signal: AbortSignal) => Promise<OpenAnswer>;
  concurrency: number;
};

const LONG_POLL_SECONDS = 25;
const LARGEST_PAGE = 100;
const LONGEST_BACKOFF_MS = 30_000;
/** The broker writes every 15 s at least. */
const SILENCE_MS = 45_000;
/** Where all that is pending is in hand already, the mailbox would answer at once, again and again. */
const SPIN_MS = 1_000;
/** A stream that ends earlier than that is not opened again at once. */
const SHORT_STREAM_MS = 1_000;

/** Asks again and again, each time waiting for a message. */
export async function pollMessages(parts: SourceParts, signal: AbortSignal): Promise<void> {
  const { intake, concurrency, runtime } = parts;
  const step = async (): Promise<void> => {
    await intake.waitForRoom(concurrency);
    if (signal.aborted) return;
    // What is in hand is pending, too, and may fill the page.
    const limit = Math.min(intake.size + concurrency, LARGEST_PAGE);
    const messages = await parts.listPending({ limit, waitSeconds: LONG_POLL_SECONDS }, { signal });
    const fresh = messages.filter((message) => intake.accept(message));
    if (fresh.length === 0 && messages.length > 0) await pause(runtime.clock, SPIN_MS, signal);
  };
  await repeat(parts, { name: 'messages', step, longestMs: LONGEST_BACKOFF_MS, signal });
}

function readEvent({ data }: ServerEvent): PendingMessage | null {
  return readMessage(parseJson(data));
}

/** Lets the broker push; after a break it goes on behind the last event. */
export async function streamMessages(parts: SourceParts, signal: AbortSignal): Promise<void> {
  const { intake, log, runtime } = parts;
  const { clock } = runtime;
  let lastEventId: string | null = null;

  const limit = async <T>(read: Promise<T>): Promise<T> => {
    const outcome = await untilAborted(raceDeadline(clock, SILENCE_MS, read), signal);
    if (outcome !== 'expired') return outcome;
    throw new NodeClientError('timed_out', `The stream of messages was silent for ${SILENCE_MS / 1_000} s.`);
  };

  const step = async (): Promise<void> => {
    const startedAtMs = clock.now();
    const { response, close } = await parts.openMailbox(lastEventId, signal);
    try {
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (!isStream || response.body === null) {
        throw new NodeClientError('invalid_answer', 'What answered is no stream of messages.');
      }
      log('debug', 'messages.stream_opened');
      for await (const event of readServerEvents(response.body, limit)) {
        const message = readEvent(event);
        if (message !== null) {
          await intake.waitForRoom();
          intake.accept(message);
        }
        if (event.id !== null) lastEventId = event.id;
        if (signal.aborted) return;
      }
    } finally {
      close();
    }
    if (clock.now() - startedAtMs < SHORT_STREAM_MS) {
      throw new NodeClientError(
        'server_unreachable',
        'The stream of messages ended as soon as it had begun.',
      );
    }
  };
  await repeat(parts, { name: 'messages', step, longestMs: LONGEST_BACKOFF_MS, signal });
}
