import type { RouterOutputs } from '@ephemera/api';
import type { SessionConfig } from '@ephemera/realtime-client';

/** A call is started within moments of the mint; a shorter life is worth less to a thief. */
export const SECRET_TTL_SECONDS = 60;

export type ModelEntry = RouterOutputs['models']['list']['models'][number];

export type IcePolicy = 'all' | 'relay';

export type PlaygroundConfig = {
  model: string;
  voice: string;
  instructions: string;
  icePolicy: IcePolicy;
  /** Empty: the system's default microphone. */
  deviceId: string;
};

export function listSpeechModels(models: readonly ModelEntry[]): ModelEntry[] {
  return models.filter((model) => model.kind === 'realtime');
}

/** What turns the speaker's words into text; without one there is no transcript of that side. */
export function findTranscriptionModel(models: readonly ModelEntry[]): string | null {
  const all = models.filter((model) => model.kind === 'transcription' && model.shutdownAt === null);
  return (all.find((model) => model.isDefault) ?? all[0])?.id ?? null;
}

/** The session as it is sent to the broker: what is left empty is left to the provider. */
export function createSessionConfig(
  config: PlaygroundConfig,
  transcriptionModel: string | null,
): SessionConfig {
  const instructions = config.instructions.trim();
  return {
    type: 'realtime',
    ...(config.model === '' ? {} : { model: config.model }),
    ...(instructions === '' ? {} : { instructions }),
    audio: {
      ...(transcriptionModel === null ? {} : { input: { transcription: { model: transcriptionModel } } }),
      ...(config.voice === '' ? {} : { output: { voice: config.voice } }),
    },
  };
}

type ModelList = RouterOutputs['models']['list'];

/** Fills in what is missing or no longer offered; the same object where nothing is. */
export function completeConfig(config: PlaygroundConfig, list: ModelList): PlaygroundConfig {
  const find = (id: string) => list.models.find((entry) => entry.id === id);
  const model = find(config.model) ?? find(list.defaultModel);
  if (model === undefined) return config;
  const voice = model.voices.includes(config.voice) ? config.voice : (model.voices[0] ?? '');
  return model.id === config.model && voice === config.voice ? config : { ...config, model: model.id, voice };
}
