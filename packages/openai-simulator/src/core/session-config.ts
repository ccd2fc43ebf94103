import {
  REALTIME_VOICES,
  type RealtimeSessionConfig,
  type SessionConfig,
  type TranscriptionSessionConfig,
  type TurnDetection,
} from '@ephemera/realtime-protocol';

import type { ServerEvent } from './events.ts';
import { DEFAULT_MODEL, isRealtimeModel, isTranscriptionModel } from './models.ts';
import type { Refusal } from './validation.ts';

type Present<T> = T extends undefined ? never : T;
type AudioConfig = Present<RealtimeSessionConfig['audio']>;
type InputConfig = Present<AudioConfig['input']>;
type OutputConfig = Present<AudioConfig['output']>;

export type AudioFormat =
  | { type: 'audio/pcm'; rate: 24_000 }
  | { type: 'audio/pcmu' }
  | { type: 'audio/pcma' };

type EffectiveInput = {
  format: AudioFormat;
  noise_reduction: Present<InputConfig['noise_reduction']>;
  transcription: Present<InputConfig['transcription']>;
  turn_detection: TurnDetection | null;
};

type EffectiveOutput = { format: AudioFormat; speed: number; voice: Present<OutputConfig['voice']> };

/** A speech session with every default filled in, as the provider sends it back. */
export type EffectiveRealtime = {
  id: string;
  object: 'realtime.session';
  type: 'realtime';
  /** Always 0, as in the provider's own example: the secret's expiry is the one beside `value`. */
  expires_at: 0;
  model: string;
  instructions: string;
  output_modalities: ('text' | 'audio')[];
  audio: { input: EffectiveInput; output: EffectiveOutput };
  max_output_tokens: number | 'inf';
  tools: Present<RealtimeSessionConfig['tools']>;
  tool_choice: Present<RealtimeSessionConfig['tool_choice']>;
  parallel_tool_calls: boolean;
  tracing: Present<RealtimeSessionConfig['tracing']>;
  truncation: Present<RealtimeSessionConfig['truncation']>;
  prompt: Present<RealtimeSessionConfig['prompt']>;
  include: Present<RealtimeSessionConfig['include']> | null;
  reasoning?: Present<RealtimeSessionConfig['reasoning']>;
};

type EffectiveTranscription = {
  id: string;
  object: 'realtime.transcription_session';
  type: 'transcription';
  expires_at: 0;
  audio: { input: EffectiveInput };
  include: Present<TranscriptionSessionConfig['include']> | null;
};

export type EffectiveSession = EffectiveRealtime | EffectiveTranscription;

/** What the `openai` package declares for the session of `session.created` and `session.updated`. */
type DeclaredSession = Extract<ServerEvent, { type: 'session.created' }>['session'];

/** The session as the events show it. */
export function declareSession(session: EffectiveSession): DeclaredSession {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it sends null for what is off; declared is only the absent field
  return session as DeclaredSession;
}

const DEFAULT_INSTRUCTIONS =
  'You are a friendly voice assistant. Answer briefly, in the language of the caller.';

const PCM: AudioFormat = { type: 'audio/pcm', rate: 24_000 };

const DEFAULT_INPUT: EffectiveInput = {
  format: PCM,
  noise_reduction: null,
  transcription: null,
  turn_detection: { type: 'server_vad' },
};

function fillFormat(format: Present<InputConfig['format']>): AudioFormat {
  return format.type === 'audio/pcm' ? PCM : format;
}

function fillTurnDetection(detection: TurnDetection | null): TurnDetection | null {
  if (detection === null) return null;
  if (detection.type === 'semantic_vad') {
    return { eagerness: 'auto', create_response: true, interrupt_response: true, ...detection };
  }
  return {
    threshold: 0.5,
    prefix_padding_ms: 300,
    silence_duration_ms: 500,
    idle_timeout_ms: null,
    create_response: true,
    interrupt_response: true,
    ...detection,
  };
}

function applyInput(current: EffectiveInput, change: InputConfig | undefined): EffectiveInput {
  const detection = change?.turn_detection;
  return {
    format: fillFormat(change?.format ?? current.format),
    noise_reduction: change?.noise_reduction === undefined ? current.noise_reduction : change.noise_reduction,
    transcription: change?.transcription === undefined ? current.transcription : change.transcription,
    turn_detection: fillTurnDetection(detection === undefined ? current.turn_detection : detection),
  };
}

function applyOutput(current: EffectiveOutput, change: OutputConfig | undefined): EffectiveOutput {
  return {
    format: fillFormat(change?.format ?? current.format),
    speed: change?.speed ?? current.speed,
    voice: change?.voice ?? current.voice,
  };
}

function applyRealtime(current: EffectiveRealtime, change: RealtimeSessionConfig): EffectiveRealtime {
  const { audio, type, ...rest } = change;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...current,
    ...given,
    type,
    audio: {
      input: applyInput(current.audio.input, audio?.input),
      output: applyOutput(current.audio.output, audio?.output),
    },
  };
}

function defaultRealtime(id: string): EffectiveRealtime {
  return {
    id,
    object: 'realtime.session',
    type: 'realtime',
    expires_at: 0,
    model: DEFAULT_MODEL,
    instructions: DEFAULT_INSTRUCTIONS,
    output_modalities: ['audio'],
    audio: { input: DEFAULT_INPUT, output: { format: PCM, speed: 1, voice: 'alloy' } },
    max_output_tokens: 'inf',
    tools: [],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    tracing: null,
    truncation: 'auto',
    prompt: null,
    include: null,
  };
}

function applyTranscription(
  current: EffectiveTranscription,
  change: TranscriptionSessionConfig,
): EffectiveTranscription {
  return {
    ...current,
    audio: { input: applyInput(current.audio.input, change.audio?.input) },
    include: change.include ?? current.include,
  };
}

function defaultTranscription(id: string): EffectiveTranscription {
  return {
    id,
    object: 'realtime.transcription_session',
    type: 'transcription',
    expires_at: 0,
    audio: { input: { ...DEFAULT_INPUT, transcription: { model: 'gpt-4o-mini-transcribe' } } },
    include: null,
  };
}

export function createEffectiveSession(id: string, asked: SessionConfig | undefined): EffectiveSession {
  if (asked?.type === 'transcription') return applyTranscription(defaultTranscription(id), asked);
  return applyRealtime(defaultRealtime(id), asked ?? { type: 'realtime' });
}

/** `session.update`: what is named replaces what was, all else stays. The kind of a session never changes. */
export function applySessionUpdate(
  current: EffectiveSession,
  change: SessionConfig,
): EffectiveSession | null {
  if (current.type === 'realtime' && change.type === 'realtime') return applyRealtime(current, change);
  if (current.type === 'transcription' && change.type === 'transcription')
    return applyTranscription(current, change);
  return null;
}

function checkTranscription(session: SessionConfig): Refusal | null {
  const input = session.audio?.input;
  const model = input?.transcription?.model;
  if (model === undefined) return null;
  if (!isTranscriptionModel(model)) return modelNotFound(model, 'session.audio.input.transcription.model');
  if (session.type === 'transcription' && model === 'gpt-realtime-whisper' && input?.turn_detection) {
    const param = 'session.audio.input.turn_detection';
    return { message: `Turn detection is not supported for model '${model}'.`, param, code: 'invalid_value' };
  }
  return null;
}

function modelNotFound(model: string, param: string): Refusal {
  return {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    param,
    code: 'model_not_found',
  };
}

function checkVoice(voice: OutputConfig['voice']): Refusal | null {
  if (voice === undefined || typeof voice === 'object') return null;
  if (REALTIME_VOICES.some((known) => known === voice)) return null;
  const names = REALTIME_VOICES.map((name) => `'${name}'`).join(', ');
  return {
    message: `Invalid value: '${voice}'. Supported values are: ${names}.`,
    param: 'session.audio.output.voice',
    code: 'invalid_value',
  };
}

/** What the shape alone cannot say: whether the named model and voice exist and go together. */
export function findSessionRefusal(session: SessionConfig): Refusal | null {
  if (session.type === 'realtime') {
    if (session.model !== undefined && !isRealtimeModel(session.model)) {
      return modelNotFound(session.model, 'session.model');
    }
    const refusal = checkVoice(session.audio?.output?.voice);
    if (refusal) return refusal;
  }
  return checkTranscription(session);
}
