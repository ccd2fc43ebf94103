/** Models a speech session may run, as the provider's declarations list them; the retired previews are gone. */
export const REALTIME_MODELS = [
  'gpt-realtime-2.1',
  'gpt-realtime-2.1-mini',
  'gpt-realtime-2',
  'gpt-realtime-1.5',
  'gpt-realtime',
  'gpt-realtime-2025-08-28',
  'gpt-realtime-mini',
  'gpt-realtime-mini-2025-10-06',
  'gpt-realtime-mini-2025-12-15',
  'gpt-audio-1.5',
  'gpt-audio-mini',
] as const;

export const TRANSCRIPTION_MODELS = [
  'gpt-transcribe',
  'gpt-live-transcribe',
  'gpt-realtime-whisper',
  'gpt-4o-transcribe',
  'gpt-4o-mini-transcribe',
  'gpt-4o-mini-transcribe-2025-12-15',
  'gpt-4o-transcribe-diarize',
  'whisper-1',
] as const;

export const DEFAULT_MODEL = 'gpt-realtime-2.1';

const realtime: ReadonlySet<string> = new Set(REALTIME_MODELS);
const transcription: ReadonlySet<string> = new Set(TRANSCRIPTION_MODELS);

export const isRealtimeModel = (model: string): boolean => realtime.has(model);
export const isTranscriptionModel = (model: string): boolean => transcription.has(model);
