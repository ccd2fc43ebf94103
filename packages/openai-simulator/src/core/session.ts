import { clientEventSchema, type ClientEvent, type SessionConfig } from '@ephemera/realtime-protocol';

import { decodeWireAudio } from '../voice/wire-audio.ts';
import type { AudioOutput } from './audio-output.ts';
import { handleClientEvent } from './client-event-handlers.ts';
import type { Clock, Timer } from './clock.ts';
import { Conversation, type Entry } from './conversation.ts';
import type { ConversationItem, ServerEvent, ServerEventBody } from './events.ts';
import type { CreateId } from './ids.ts';
import { type HeardAudio, InputAudio } from './input-audio.ts';
import type { Mind } from './mind.ts';
import { type CancelReason, ResponseRun } from './response-run.ts';
import {
  applySessionUpdate,
  declareSession,
  type EffectiveSession,
  findSessionRefusal,
} from './session-config.ts';
import {
  computeTranscriptionUsage,
  countAssistantAudioTokens,
  countTextTokens,
  countUserAudioTokens,
  sumTokens,
  type Tokens,
} from './usage.ts';
import type { VadEvent } from './vad.ts';
import { describeRefusal, type Refusal } from './validation.ts';
import type { Voice } from './voice.ts';

export type SessionPorts = {
  clock: Clock;
  createId: CreateId;
  voice: Voice;
  mind: Mind;
  output: AudioOutput;
  deliver(event: ServerEvent): void;
  /** The session has come to its end by itself; the transport is to be closed. */
  onExpired(): void;
};

export type ResponseOverrides = {
  modality?: 'text' | 'audio';
  instructions?: string;
  maxOutputTokens?: number | 'inf';
  metadata?: Record<string, string>;
  isOutOfBand?: boolean;
};

const MAXIMUM_SESSION_MINUTES = 60;
const NO_TOKENS: Tokens = { text: 0, audio: 0 };

/** One realtime session without a transport: sound and client events in, server events and sound out. */
export class RealtimeSession {
  readonly conversation = new Conversation();
  readonly input: InputAudio;
  readonly #ports: SessionPorts;
  readonly #conversationId: string;
  #config: EffectiveSession;
  #run: ResponseRun | null = null;
  #isTurnWaiting = false;
  #speakingItemId: string | null = null;
  #alreadyRead = NO_TOKENS;
  #expiry: Timer | null = null;
  #isEnded = false;

  constructor(ports: SessionPorts, config: EffectiveSession) {
    this.#ports = ports;
    this.#config = config;
    this.#conversationId = ports.createId('conv_');
    this.input = new InputAudio((event) => this.#onVad(event));
    this.input.configure(config.audio.input.turn_detection);
  }

  get config(): EffectiveSession {
    return this.#config;
  }

  get activeResponseId(): string | null {
    return this.#run?.id ?? null;
  }

  /** The client can hear us: the first event goes out and the hour begins to run. */
  start(): void {
    this.emit({ type: 'session.created', session: declareSession(this.#config) });
    this.#expiry = this.#ports.clock.after(MAXIMUM_SESSION_MINUTES * 60_000, () => this.#expire());
  }

  end(): void {
    this.#isEnded = true;
    this.#expiry?.cancel();
    this.#run?.abandon();
    this.#run = null;
  }

  /** One message of the client, as it came over the data channel or the socket. */
  receive(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.refuse({ message: 'Could not parse the event as JSON.', param: null, code: 'invalid_json' }, null);
      return;
    }
    const parsed = clientEventSchema.safeParse(value);
    if (parsed.success) this.#handle(parsed.data);
    else this.refuse(describeRefusal(parsed.error, value), readEventId(value));
  }

  /** Sound of the user's track, mono PCM16 at 24 kHz. */
  hear(pcm: Int16Array): void {
    if (!this.#isEnded) this.input.append(pcm);
  }

  hearWire(base64: string): void {
    this.hear(decodeWireAudio(base64, this.#config.audio.input.format));
  }

  emit(body: ServerEventBody): void {
    if (this.#isEnded) return;
    this.#ports.deliver({ ...body, event_id: this.#ports.createId('event_') });
  }

  refuse(refusal: Refusal, eventId: string | null, type = 'invalid_request_error'): void {
    this.emit({ type: 'error', error: { type, ...refusal, event_id: eventId } });
  }

  update(change: SessionConfig): Refusal | null {
    const refusal = findSessionRefusal(change);
    if (refusal !== null) return refusal;
    const next = applySessionUpdate(this.#config, change);
    if (next === null) {
      return {
        message: 'The type of a session cannot be changed.',
        param: 'session.type',
        code: 'invalid_value',
      };
    }
    const fixed = this.#findFixedChange(this.#config, next);
    if (fixed !== null) return fixed;
    if (preambleOf(next) !== preambleOf(this.#config)) this.#alreadyRead = NO_TOKENS;
    this.#config = next;
    this.input.configure(next.audio.input.turn_detection);
    this.emit({ type: 'session.updated', session: declareSession(next) });
    return null;
  }

  /** Makes a user item of committed sound, transcribes it where that was asked for. */
  commit(itemId: string, heard: HeardAudio): void {
    const transcript = this.#ports.mind.hear(heard);
    const item = {
      id: itemId,
      object: 'realtime.item',
      type: 'message',
      role: 'user',
      status: 'completed',
    } as const;
    const entry: Entry = {
      item: { ...item, content: [describeSound(null)] },
      tokens: { text: 0, audio: countUserAudioTokens(heard.audioMs) },
      prompt: { kind: 'speech', speechMs: heard.speechMs },
    };
    const previous = this.conversation.lastId;
    this.emit({ type: 'input_audio_buffer.committed', item_id: itemId, previous_item_id: previous });
    this.addItem(entry, null);
    const model = this.#config.audio.input.transcription?.model;
    if (this.#config.audio.input.transcription === null) return;
    entry.item = { ...item, content: [describeSound(transcript)] };
    this.#transcribe(itemId, transcript, {
      model: model ?? 'gpt-4o-mini-transcribe',
      audioMs: heard.audioMs,
    });
  }

  addItem(entry: Entry, previousId: string | null): boolean {
    const placed = this.conversation.add(entry, previousId);
    if (placed === null) return false;
    if (entry.prompt?.kind === 'text') this.#ports.mind.read();
    this.emit({ type: 'conversation.item.added', item: entry.item, previous_item_id: placed.previousId });
    this.emit({ type: 'conversation.item.done', item: entry.item, previous_item_id: placed.previousId });
    return true;
  }

  /** The client heard only the beginning: the rest costs nothing from now on and is forgotten. */
  truncate(entry: Entry, audioEndMs: number): void {
    const audio = Math.min(entry.tokens.audio, countAssistantAudioTokens(audioEndMs));
    const text = entry.tokens.audio === 0 ? 0 : Math.ceil((entry.tokens.text * audio) / entry.tokens.audio);
    entry.tokens = { text, audio };
    if (entry.item.type === 'message' && entry.item.role === 'assistant') {
      entry.item = { ...entry.item, content: [{ type: 'output_audio' }] };
    }
  }

  /** The id of a turn that is being spoken, which a commit by hand takes over, or a new one. */
  takeTurnId(): string {
    const id = this.#speakingItemId ?? this.createId('item_');
    this.#speakingItemId = null;
    return id;
  }

  createId(prefix: string): string {
    return this.#ports.createId(prefix);
  }

  cancelResponse(reason: CancelReason): boolean {
    if (this.#run === null) return false;
    this.#isTurnWaiting = false;
    this.#run.cancel(reason);
    return true;
  }

  respond(overrides: ResponseOverrides = {}): void {
    const config = this.#config;
    if (config.type !== 'realtime') return;
    const preamble = { text: countTextTokens(preambleOf(config)), audio: 0 };
    const context = sumTokens([preamble, this.conversation.tokens]);
    const cached = this.#alreadyRead;
    this.#alreadyRead = context;
    const toolNames = config.tool_choice === 'none' ? [] : config.tools.map(toolNameOf);
    const { instructions } = overrides;
    const answer = this.#ports.mind.answer({ prompt: this.conversation.openPrompt, toolNames, instructions });
    this.#run = new ResponseRun(
      {
        ...this.#ports,
        conversation: this.conversation,
        emit: (body) => this.emit(body),
        onDone: () => this.#onResponseDone(),
      },
      {
        session: config,
        conversationId: this.#conversationId,
        answer,
        modality: overrides.modality ?? config.output_modalities[0] ?? 'audio',
        maxOutputTokens: overrides.maxOutputTokens ?? config.max_output_tokens,
        metadata: overrides.metadata ?? null,
        isOutOfBand: overrides.isOutOfBand ?? false,
        context,
        cached,
      },
    );
  }

  #findFixedChange(current: EffectiveSession, next: EffectiveSession): Refusal | null {
    if (current.type !== 'realtime' || next.type !== 'realtime') return null;
    if (next.model !== current.model) {
      return {
        message: 'The model of a session cannot be changed.',
        param: 'session.model',
        code: 'invalid_value',
      };
    }
    const isNewVoice = JSON.stringify(next.audio.output.voice) !== JSON.stringify(current.audio.output.voice);
    if (!isNewVoice || !this.conversation.hasAnswerInSound) return null;
    return {
      message: "Cannot update a conversation's voice if assistant audio is present.",
      param: 'session.audio.output.voice',
      code: 'cannot_update_voice',
    };
  }

  #handle(event: ClientEvent): void {
    const refusal = handleClientEvent(this, event);
    if (refusal !== null) this.refuse(refusal, event.event_id ?? null);
  }

  #onVad(event: VadEvent): void {
    const detection = this.#config.audio.input.turn_detection;
    if (event.kind === 'started') {
      this.#speakingItemId = this.createId('item_');
      const started = { audio_start_ms: event.startMs, item_id: this.#speakingItemId };
      this.emit({ type: 'input_audio_buffer.speech_started', ...started });
      if (detection?.interrupt_response !== false) this.cancelResponse('turn_detected');
      return;
    }
    const itemId = this.takeTurnId();
    this.emit({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: event.endMs, item_id: itemId });
    this.commit(itemId, { audioMs: event.endMs - event.startMs, speechMs: event.speechMs });
    if (detection?.create_response === false || this.#config.type !== 'realtime') return;
    if (this.#run === null) this.respond();
    else this.#isTurnWaiting = true;
  }

  #onResponseDone(): void {
    this.#run = null;
    if (!this.#isTurnWaiting) return;
    this.#isTurnWaiting = false;
    this.respond();
  }

  #transcribe(itemId: string, transcript: string, heard: { model: string; audioMs: number }): void {
    const place = { item_id: itemId, content_index: 0 };
    for (const delta of transcript.match(/\S+\s*/g) ?? []) {
      this.emit({ type: 'conversation.item.input_audio_transcription.delta', ...place, delta });
    }
    const usage = computeTranscriptionUsage({ ...heard, transcript });
    this.emit({ type: 'conversation.item.input_audio_transcription.completed', ...place, transcript, usage });
  }

  #expire(): void {
    const message = `Your session hit the maximum duration of ${MAXIMUM_SESSION_MINUTES} minutes.`;
    this.refuse({ message, param: null, code: 'session_expired' }, null);
    this.#ports.onExpired();
  }
}

type UserContent = Extract<ConversationItem, { role: 'user' }>['content'][number];

/** Clients need the null: without it the agents SDK takes the item for a broken one. */
function describeSound(transcript: string | null): UserContent {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the declarations leave out the null on the wire
  return { type: 'input_audio', transcript } as UserContent;
}

/** What comes before the conversation in every context. */
function preambleOf(config: EffectiveSession): string {
  if (config.type !== 'realtime') return '';
  return config.tools.length === 0 ? config.instructions : config.instructions + JSON.stringify(config.tools);
}

const toolNameOf = (tool: { name?: string; server_label?: string }): string =>
  tool.name ?? tool.server_label ?? '';

function readEventId(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('event_id' in value)) return null;
  return typeof value.event_id === 'string' ? value.event_id : null;
}
