import { encodeWireAudio } from '../voice/wire-audio.ts';
import { type AudioOutput, type Playback, samplesToMs } from './audio-output.ts';
import type { Clock, Timer } from './clock.ts';
import type { Conversation, Entry } from './conversation.ts';
import type { ConversationItem, RealtimeResponse, ServerEventBody } from './events.ts';
import type { CreateId } from './ids.ts';
import type { Answer } from './mind.ts';
import type { EffectiveRealtime } from './session-config.ts';
import { computeResponseUsage, countAssistantAudioTokens, countTextTokens, type Tokens } from './usage.ts';
import { SAMPLE_RATE } from './vad.ts';
import type { Voice } from './voice.ts';

export type ResponsePorts = {
  emit(body: ServerEventBody): void;
  createId: CreateId;
  clock: Clock;
  voice: Voice;
  output: AudioOutput;
  conversation: Conversation;
  onDone(): void;
};

export type ResponseRequest = {
  readonly session: EffectiveRealtime;
  readonly conversationId: string;
  readonly answer: Answer;
  readonly modality: 'text' | 'audio';
  readonly maxOutputTokens: number | 'inf';
  readonly metadata: Record<string, string> | null;
  readonly isOutOfBand: boolean;
  readonly context: Tokens;
  readonly cached: Tokens;
};

export type CancelReason = 'turn_detected' | 'client_cancelled';

type Ending =
  | { readonly status: 'completed' }
  | { readonly status: 'cancelled'; readonly reason: CancelReason }
  | { readonly status: 'incomplete'; readonly reason: 'max_output_tokens' }
  | { readonly status: 'failed'; readonly error: { type: string; code: string; message: string } };

type Speech = { ok: true; pcm: Int16Array } | { ok: false; message: string };

type Phase =
  | { readonly kind: 'thinking'; readonly timer: Timer }
  | { readonly kind: 'speaking'; readonly entry: Entry; readonly playback: Playback }
  | { readonly kind: 'done' };

type Place = { response_id: string; item_id: string; output_index: number; content_index: number };

const WORD = /\S+\s*/g;
const RATE_LIMITS = [
  { name: 'requests' as const, limit: 5_000, remaining: 4_999, reset_seconds: 0.012 },
  { name: 'tokens' as const, limit: 400_000, remaining: 399_000, reset_seconds: 0.15 },
];

/** One response from `response.created` to `response.done`. */
export class ResponseRun {
  readonly id: string;
  readonly #ports: ResponsePorts;
  readonly #request: ResponseRequest;
  readonly #speech: Promise<Speech> | null;
  #phase: Phase;
  #output: ConversationItem[] = [];
  #said = '';
  #isAudible = false;

  constructor(ports: ResponsePorts, request: ResponseRequest) {
    this.#ports = ports;
    this.#request = request;
    this.id = ports.createId('resp_');
    ports.emit({ type: 'response.created', response: this.#snapshot('in_progress') });
    ports.emit({ type: 'rate_limits.updated', rate_limits: RATE_LIMITS });
    this.#speech = this.#prepareSpeech();
    this.#phase = {
      kind: 'thinking',
      timer: ports.clock.after(request.answer.delayMs, () => void this.#perform()),
    };
  }

  /** Ends the response early. On a track what was heard so far is all that the item keeps. */
  cancel(reason: CancelReason): void {
    const phase = this.#phase;
    if (phase.kind === 'done') return;
    if (phase.kind === 'thinking') {
      phase.timer.cancel();
      this.#finish({ status: 'cancelled', reason });
      return;
    }
    phase.playback.stop();
    if (this.#ports.output.carriage === 'track') {
      if (this.#isAudible) this.#ports.emit({ type: 'output_audio_buffer.cleared', response_id: this.id });
      if (reason === 'turn_detected') {
        const audioEndMs = Math.round(phase.playback.playedMs());
        const item = { item_id: phase.entry.item.id, content_index: 0, audio_end_ms: audioEndMs };
        this.#ports.emit({ type: 'conversation.item.truncated', ...item });
      }
    }
    this.#closeSpeech(phase.entry, phase.playback.playedMs(), { status: 'cancelled', reason });
  }

  /** Ends without a word to anyone: the connection is gone. */
  abandon(): void {
    if (this.#phase.kind === 'thinking') this.#phase.timer.cancel();
    if (this.#phase.kind === 'speaking') this.#phase.playback.stop();
    this.#phase = { kind: 'done' };
  }

  #prepareSpeech(): Promise<Speech> | null {
    const { answer, modality, session } = this.#request;
    if (answer.kind !== 'say' || modality === 'text') return null;
    const { voice, speed } = session.audio.output;
    return this.#ports.voice
      .speak(answer.text, { voice: typeof voice === 'string' ? voice : voice.id, speed })
      .then(
        (pcm): Speech => ({ ok: true, pcm }),
        (error: unknown): Speech => ({
          ok: false,
          message: error instanceof Error ? error.message : String(error),
        }),
      );
  }

  async #perform(): Promise<void> {
    const { answer } = this.#request;
    if (answer.kind === 'call') {
      this.#call(answer.name, answer.arguments);
      return;
    }
    if (this.#speech === null) {
      this.#write(answer.text);
      return;
    }
    const speech = await this.#speech;
    if (this.#phase.kind !== 'thinking') return;
    if (speech.ok) this.#speak(answer.text, speech.pcm);
    else
      this.#finish({
        status: 'failed',
        error: { type: 'server_error', code: 'server_error', message: speech.message },
      });
  }

  #call(name: string, args: string): void {
    const ids = { item_id: this.#ports.createId('item_'), call_id: this.#ports.createId('call_') };
    const item = {
      id: ids.item_id,
      object: 'realtime.item',
      type: 'function_call',
      name,
      call_id: ids.call_id,
    } as const;
    const tokens = { text: countTextTokens(name + args), audio: 0 };
    const entry = this.#openItem({ ...item, status: 'in_progress', arguments: '' });
    const place = { response_id: this.id, output_index: 0, ...ids };
    this.#ports.emit({ type: 'response.function_call_arguments.delta', ...place, delta: args });
    this.#ports.emit({ type: 'response.function_call_arguments.done', ...place, name, arguments: args });
    this.#closeItem(entry, { ...item, status: 'completed', arguments: args }, tokens);
    this.#finish({ status: 'completed' }, tokens);
  }

  #write(text: string): void {
    const entry = this.#openMessage();
    const place = this.#place(entry);
    this.#ports.emit({ type: 'response.content_part.added', ...place, part: { type: 'text', text: '' } });
    for (const delta of text.match(WORD) ?? []) {
      this.#ports.emit({ type: 'response.output_text.delta', ...place, delta });
    }
    this.#ports.emit({ type: 'response.output_text.done', ...place, text });
    this.#ports.emit({ type: 'response.content_part.done', ...place, part: { type: 'text', text } });
    const tokens = { text: countTextTokens(text), audio: 0 };
    this.#closeMessage(entry, { content: [{ type: 'output_text', text }], status: 'completed' }, tokens);
    this.#finish({ status: 'completed' }, tokens);
  }

  #speak(text: string, whole: Int16Array): void {
    const pcm = this.#cutToLimit(text, whole);
    const words = text.match(WORD) ?? [];
    const totalMs = samplesToMs(whole.length);
    const entry = this.#openMessage();
    const place = this.#place(entry);
    this.#ports.emit({
      type: 'response.content_part.added',
      ...place,
      part: { type: 'audio', transcript: '' },
    });
    const isCut = pcm.length < whole.length;
    const playback = this.#ports.output.play(pcm, {
      onStarted: () => this.#announceSound(),
      onProgress: (playedMs, chunk) => {
        this.#sayUpTo(words, playedMs / totalMs, place);
        this.#carry(chunk, place);
      },
      onFinished: () => {
        const ending: Ending = isCut
          ? { status: 'incomplete', reason: 'max_output_tokens' }
          : { status: 'completed' };
        this.#closeSpeech(entry, samplesToMs(pcm.length), ending);
      },
    });
    this.#phase = { kind: 'speaking', entry, playback };
  }

  #cutToLimit(text: string, pcm: Int16Array): Int16Array {
    if (this.#request.maxOutputTokens === 'inf') return pcm;
    const audioTokens = Math.max(1, this.#request.maxOutputTokens - countTextTokens(text));
    return pcm.subarray(0, Math.min(pcm.length, (audioTokens * 50 * SAMPLE_RATE) / 1_000));
  }

  #announceSound(): void {
    if (this.#ports.output.carriage !== 'track') return;
    this.#isAudible = true;
    this.#ports.emit({ type: 'output_audio_buffer.started', response_id: this.id });
  }

  #sayUpTo(words: readonly string[], share: number, place: Place): void {
    const target = words.slice(0, Math.ceil(words.length * Math.min(1, share))).join('');
    const delta = target.slice(this.#said.length);
    if (delta === '') return;
    this.#said = target;
    this.#ports.emit({ type: 'response.output_audio_transcript.delta', ...place, delta });
  }

  #carry(chunk: Int16Array, place: Place): void {
    if (this.#ports.output.carriage !== 'events') return;
    const delta = encodeWireAudio(chunk, this.#request.session.audio.output.format);
    this.#ports.emit({ type: 'response.output_audio.delta', ...place, delta });
  }

  #closeSpeech(entry: Entry, playedMs: number, ending: Ending): void {
    const place = this.#place(entry);
    const transcript = this.#said.trimEnd();
    this.#ports.emit({ type: 'response.output_audio.done', ...place });
    this.#ports.emit({ type: 'response.output_audio_transcript.done', ...place, transcript });
    this.#ports.emit({ type: 'response.content_part.done', ...place, part: { type: 'audio', transcript } });
    const tokens = { text: countTextTokens(transcript), audio: countAssistantAudioTokens(playedMs) };
    const status = ending.status === 'completed' ? 'completed' : 'incomplete';
    this.#closeMessage(entry, { content: [{ type: 'output_audio', transcript }], status }, tokens);
    this.#finish(ending, tokens);
  }

  #openMessage(): Entry {
    const id = this.#ports.createId('item_');
    const item = {
      id,
      object: 'realtime.item',
      type: 'message',
      role: 'assistant',
      status: 'in_progress',
    } as const;
    return this.#openItem({ ...item, content: [] });
  }

  #openItem(item: Entry['item']): Entry {
    const entry: Entry = { item, tokens: { text: 0, audio: 0 }, prompt: null };
    this.#ports.emit({ type: 'response.output_item.added', response_id: this.id, output_index: 0, item });
    if (!this.#request.isOutOfBand) {
      const placed = this.#ports.conversation.add(entry);
      const previous = placed?.previousId ?? null;
      this.#ports.emit({ type: 'conversation.item.added', previous_item_id: previous, item });
    }
    return entry;
  }

  #closeMessage(
    entry: Entry,
    end: {
      content: [{ type: 'output_text' | 'output_audio'; text?: string; transcript?: string }];
      status: 'completed' | 'incomplete';
    },
    tokens: Tokens,
  ): void {
    const item = { id: entry.item.id, object: 'realtime.item', type: 'message', role: 'assistant' } as const;
    this.#closeItem(entry, { ...item, ...end }, tokens);
  }

  #closeItem(entry: Entry, item: Entry['item'], tokens: Tokens): void {
    entry.item = item;
    entry.tokens = tokens;
    this.#output = [item];
    this.#ports.emit({ type: 'response.output_item.done', response_id: this.id, output_index: 0, item });
    if (this.#request.isOutOfBand) return;
    const previous = this.#ports.conversation.findPreviousId(item.id);
    this.#ports.emit({ type: 'conversation.item.done', previous_item_id: previous, item });
  }

  #finish(ending: Ending, output: Tokens = { text: 0, audio: 0 }): void {
    this.#phase = { kind: 'done' };
    const { context, cached } = this.#request;
    const usage = computeResponseUsage({ context, cached, output });
    const { status, ...details } = ending;
    const response = { ...this.#snapshot(status), status_details: { type: status, ...details }, usage };
    this.#ports.emit({ type: 'response.done', response });
    if (this.#isAudible && ending.status !== 'cancelled') {
      this.#ports.emit({ type: 'output_audio_buffer.stopped', response_id: this.id });
    }
    this.#ports.onDone();
  }

  #place(entry: Entry): Place {
    return { response_id: this.id, item_id: entry.item.id, output_index: 0, content_index: 0 };
  }

  #snapshot(status: NonNullable<RealtimeResponse['status']>): RealtimeResponse {
    const { session, modality, metadata, maxOutputTokens, isOutOfBand, conversationId } = this.#request;
    const { format, voice } = session.audio.output;
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      output: this.#output,
      output_modalities: [modality],
      max_output_tokens: maxOutputTokens,
      audio: { output: { format, voice: typeof voice === 'string' ? voice : voice.id } },
      metadata,
      ...(isOutOfBand ? {} : { conversation_id: conversationId }),
    };
  }
}
