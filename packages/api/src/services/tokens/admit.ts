import type { SessionConfig } from '@ephemera/realtime-protocol';
import { CLIENT_SECRET_TTL, modelOf } from '@ephemera/realtime-protocol';

import type { TtlSettings } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { NamedModel } from '../../limits/plan-admission.ts';
import { DEFAULT_MODEL, findModel, isShutDown } from '../../models/registry.ts';
import type { ModelEntry } from '../../models/registry.ts';

export const WARNING_CODES = ['model_shutting_down', 'ttl_clamped', 'budget_exceeded'] as const;

export type TokenWarning = { code: (typeof WARNING_CODES)[number]; message: string };

/** What was asked for, as far as that makes sense at all. */
export type TokenOrder = {
  kind: SessionConfig['type'];
  /** The session as it goes to the provider, written out once. */
  sessionJson: string;
  model: ModelEntry;
  /** All that it names: a conversation may have its speaker transcribed by another one. */
  models: readonly NamedModel[];
  voice: string | null;
  askedTtlSeconds: number | undefined;
  defaultTtlSeconds: number | undefined;
  warnings: TokenWarning[];
};

export type AdmitInput = {
  ttlSeconds?: number | undefined;
  /** Where none is asked for; else the deployment's. */
  defaultTtlSeconds?: number | undefined;
  session?: SessionConfig | undefined;
  /** A user of the caller's own, who is not known here; counts with the scope `tokens:mint-for` alone. */
  userId?: string | undefined;
};

const TRANSCRIPTION_PARAM = 'session.audio.input.transcription.model';
const PARAMS: Readonly<Record<SessionConfig['type'], string>> = {
  realtime: 'session.model',
  transcription: TRANSCRIPTION_PARAM,
};

function listModels(session: SessionConfig, model: string): NamedModel[] {
  const own = { id: model, param: PARAMS[session.type] };
  const heardBy = session.type === 'realtime' ? session.audio?.input?.transcription?.model : undefined;
  return heardBy === undefined ? [own] : [own, { id: heardBy, param: TRANSCRIPTION_PARAM }];
}

function admitModel(id: string, session: SessionConfig, nowMs: number): ModelEntry {
  const param = PARAMS[session.type];
  const model = findModel(id);
  if (model === null) {
    throw new AppError('model_not_found', `The model "${id}" is not known here.`, { details: { param } });
  }
  if (model.kind !== session.type) {
    const message = `The model "${id}" is for ${model.kind} sessions, not for ${session.type} ones.`;
    throw new AppError('model_not_found', message, { details: { param } });
  }
  if (isShutDown(model, nowMs)) {
    const message = `The model "${id}" was shut down on ${model.shutdownAt}; use "${model.replacement}".`;
    throw new AppError('model_not_found', message, { details: { param } });
  }
  return model;
}

function admitVoice(session: SessionConfig, model: ModelEntry): string | null {
  const voice = session.type === 'realtime' ? session.audio?.output?.voice : undefined;
  if (voice === undefined) return null;
  if (typeof voice !== 'string') return voice.id;
  if (model.voices.includes(voice)) return voice;
  throw new AppError('invalid_request', `The voice "${voice}" does not exist for the model "${model.id}".`, {
    details: { param: 'session.audio.output.voice' },
  });
}

function withModel(session: SessionConfig, model: string): SessionConfig {
  if (session.type === 'realtime') return { ...session, model };
  const input = session.audio?.input;
  const transcription = { ...input?.transcription, model };
  return { ...session, audio: { ...session.audio, input: { ...input, transcription } } };
}

function checkTtl(asked: number | undefined): void {
  if (asked === undefined) return;
  if (Number.isInteger(asked) && asked >= CLIENT_SECRET_TTL.min && asked <= CLIENT_SECRET_TTL.max) return;
  const message = `A secret lives ${CLIENT_SECRET_TTL.min} to ${CLIENT_SECRET_TTL.max} whole seconds.`;
  throw new AppError('invalid_request', message, { details: { param: 'expires_after.seconds' } });
}

/** No longer than allowed; who asked for more is told. */
export function clampTtl(
  asked: number | undefined,
  ttl: TtlSettings,
): { ttlSeconds: number; warnings: TokenWarning[] } {
  const ttlSeconds = Math.min(asked ?? ttl.defaultSeconds, ttl.maxSeconds);
  if (asked === undefined || asked <= ttl.maxSeconds) return { ttlSeconds, warnings: [] };
  const message = `The lifetime was cut to the maximum of ${ttl.maxSeconds} s that is allowed here.`;
  return { ttlSeconds, warnings: [{ code: 'ttl_clamped', message }] };
}

const MAX_SESSION_CHARS = 262_144;

/** Tool parameters are free JSON: they may be too long, or nested too deeply to be written out at all. */
function writeSession(session: SessionConfig): string {
  try {
    const json = JSON.stringify(session);
    if (json.length <= MAX_SESSION_CHARS) return json;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new AppError('invalid_request', 'The session is too large.', { details: { param: 'session' } });
}

function warnOfShutdown(model: ModelEntry): TokenWarning[] {
  if (model.shutdownAt === null) return [];
  const advice = model.replacement === null ? '' : ` Move to "${model.replacement}".`;
  return [
    {
      code: 'model_shutting_down',
      message: `The provider shuts "${model.id}" down on ${model.shutdownAt}.${advice}`,
    },
  ];
}

/** Everything about a mint that can be refused without asking anybody. */
export function readOrder(input: AdmitInput, nowMs: number): TokenOrder {
  const asked: SessionConfig = input.session ?? { type: 'realtime' };
  const model = admitModel(modelOf(asked) ?? DEFAULT_MODEL[asked.type], asked, nowMs);
  const voice = admitVoice(asked, model);
  checkTtl(input.ttlSeconds);
  const sessionJson = writeSession(modelOf(asked) === undefined ? withModel(asked, model.id) : asked);
  return {
    kind: asked.type,
    sessionJson,
    model,
    models: listModels(asked, model.id),
    voice,
    askedTtlSeconds: input.ttlSeconds,
    defaultTtlSeconds: input.defaultTtlSeconds,
    warnings: warnOfShutdown(model),
  };
}
