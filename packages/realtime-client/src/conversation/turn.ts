import { applyAction } from '../action-table.ts';
import type { ActionTable } from '../action-table.ts';
import type { ClientEvent, ServerEvent } from '@ephemera/realtime-protocol';

/** Who is speaking right now; times are the session's own milliseconds. */
export type Turn = {
  /** Between `response.created` and `response.done`. */
  readonly activeResponseId: string | null;
  /** The answer whose audio is coming out. */
  readonly playing: { responseId: string; startedMs: number } | null;
  /** The last spoken message and the response that it belongs to. */
  readonly message: { responseId: string; itemId: string } | null;
  readonly speechStoppedMs: number | null;
  /** A response was asked for while another one was running. */
  readonly isResponseWanted: boolean;
  /** `response.create` was sent and not answered yet. */
  readonly isResponseRequested: boolean;
};

export const NO_TURN: Turn = {
  activeResponseId: null,
  playing: null,
  message: null,
  speechStoppedMs: null,
  isResponseWanted: false,
  isResponseRequested: false,
};

type Timed = { turn: Turn; nowMs: number };

const TURN_EVENTS: ActionTable<Timed, ServerEvent> = {
  'input_audio_buffer.speech_started': (timed) => change(timed, { speechStoppedMs: null }),
  'input_audio_buffer.speech_stopped': (timed) => change(timed, { speechStoppedMs: timed.nowMs }),
  'response.created': (timed, { response }) =>
    change(timed, { activeResponseId: response.id, isResponseRequested: false }),
  error: (timed) => change(timed, { isResponseRequested: false }),
  'response.output_item.added': (timed, { item, response_id: responseId }) =>
    item.type === 'message' ? change(timed, { message: { responseId, itemId: item.id } }) : timed,
  'output_audio_buffer.started': (timed, { response_id: responseId }) =>
    change(timed, { playing: { responseId, startedMs: timed.nowMs }, speechStoppedMs: null }),
  'output_audio_buffer.stopped': stopPlaying,
  'output_audio_buffer.cleared': stopPlaying,
  'response.done': (timed, { response }) =>
    timed.turn.activeResponseId === response.id ? change(timed, { activeResponseId: null }) : timed,
};

/** Folds one server event, received at `nowMs`, into the turn. */
export function reduceTurn(turn: Turn, event: ServerEvent, nowMs: number): Turn {
  return applyAction(TURN_EVENTS, { turn, nowMs }, event).turn;
}

function change({ turn, nowMs }: Timed, changes: Partial<Turn>): Timed {
  return { turn: { ...turn, ...changes }, nowMs };
}

function stopPlaying(timed: Timed, { response_id }: { response_id: string }): Timed {
  return timed.turn.playing?.responseId === response_id ? change(timed, { playing: null }) : timed;
}

/**
 * What silences the present answer: stop generating, drop what is buffered, and cut the message to what was heard, so that
 * the model does not believe it said the rest.
 */
export function createInterruption(
  { activeResponseId, playing, message }: Turn,
  nowMs: number,
): ClientEvent[] {
  const events: ClientEvent[] = [];
  if (activeResponseId !== null) events.push({ type: 'response.cancel', response_id: activeResponseId });
  if (playing === null) return events;
  events.push({ type: 'output_audio_buffer.clear' });
  if (message?.responseId === playing.responseId) {
    const audio_end_ms = Math.max(0, Math.floor(nowMs - playing.startedMs));
    events.push({
      type: 'conversation.item.truncate',
      item_id: message.itemId,
      content_index: 0,
      audio_end_ms,
    });
  }
  return events;
}
