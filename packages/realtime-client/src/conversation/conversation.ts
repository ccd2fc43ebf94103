import type { ClientEvent, ServerEvent } from '@ephemera/realtime-protocol';

import { RealtimeError } from '../errors.ts';
import type { Clock } from '../platform/platform.ts';
import type { Emitter } from '../session/emitter.ts';
import type { SessionEvents } from '../session/events.ts';
import type { TranscriptItem } from './transcript.ts';
import { countMessages, EMPTY_TRANSCRIPT, listItems, reduceTranscript } from './transcript.ts';
import { createInterruption, NO_TURN, reduceTurn } from './turn.ts';
import type { SessionUsage } from './usage.ts';
import { NO_USAGE, reduceUsage } from './usage.ts';

/** What was said, what it cost, and who speaks: the call without its transport. */
export type Conversation = {
  receive(event: ServerEvent): void;
  /** @throws RealtimeError `not_connected` */
  sendText(text: string): void;
  interrupt(): void;
  listItems(): readonly TranscriptItem[];
  summarize(): { messageCount: number; usage: SessionUsage | null };
};

type ConversationOptions = {
  clock: Clock;
  emitter: Emitter<SessionEvents>;
  /** `false`: the call is closing, nothing was sent. */
  trySend: (event: ClientEvent) => boolean;
};

export function createConversation({ clock, emitter, trySend }: ConversationOptions): Conversation {
  let transcript = EMPTY_TRANSCRIPT;
  let tally = NO_USAGE;
  let turn = NO_TURN;

  /** The provider refuses a second response while one is running, so the wish waits for its end. */
  const requestResponse = () => {
    const isBusy = turn.activeResponseId !== null || turn.isResponseRequested;
    turn = { ...turn, isResponseWanted: isBusy, isResponseRequested: turn.isResponseRequested || !isBusy };
    if (!isBusy) trySend({ type: 'response.create' });
  };

  const interrupt = () => {
    for (const event of createInterruption(turn, clock.monotonicMs())) trySend(event);
    turn = { ...turn, playing: null };
  };

  const followTurn = (event: ServerEvent) => {
    const nowMs = clock.monotonicMs();
    if (event.type === 'output_audio_buffer.started' && turn.speechStoppedMs !== null) {
      emitter.emit('turn_latency', { ms: Math.round(nowMs - turn.speechStoppedMs) });
    }
    turn = reduceTurn(turn, event, nowMs);
    if (event.type === 'response.done' && turn.isResponseWanted) requestResponse();
  };

  return {
    receive(event) {
      const before = transcript.entries;
      transcript = reduceTranscript(transcript, event);
      tally = reduceUsage(tally, event);
      followTurn(event);
      if (transcript.entries !== before) emitter.emit('transcript', listItems(transcript));
    },
    sendText(text) {
      interrupt();
      const isSent = trySend({
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
      });
      if (!isSent) throw new RealtimeError('not_connected', 'The call is closing');
      requestResponse();
    },
    interrupt,
    listItems: () => listItems(transcript),
    summarize: () => ({ messageCount: countMessages(transcript), usage: tally.usage }),
  };
}
