/** The voices a Realtime session may name; the provider recommends the first two. */
export const REALTIME_VOICES = [
  'marin',
  'cedar',
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'sage',
  'shimmer',
  'verse',
] as const;

export type RealtimeVoice = (typeof REALTIME_VOICES)[number];

/** The data channel every Realtime WebRTC call opens. */
export const DATA_CHANNEL_LABEL = 'oai-events';
