/** The steps of `connect()`, in the order in which they run. */
export const CONNECT_STEPS = [
  'token',
  'microphone',
  'offer',
  'sdp_exchange',
  'data_channel',
  'session_created',
] as const;

export type ConnectStep = (typeof CONNECT_STEPS)[number];

/** How long one step took, in milliseconds; the last one of a failed attempt is the step that failed. */
export type StepTiming = { name: ConnectStep; ms: number };

/** How long a step may take, in milliseconds. */
export type Deadlines = {
  /** All steps together (10 000). The time a person needs to answer the permission prompt is not counted. */
  overallMs: number;
  /** The mint and the ICE servers (10 000). */
  tokenMs: number;
  /** `getUserMedia`, including the permission prompt (60 000). */
  microphoneMs: number;
  /** The offer; with `relay` also the first relay candidate (5 000). */
  offerMs: number;
  /** The POST to the provider and its answer (8 000). */
  sdpExchangeMs: number;
  /** ICE, DTLS and the data channel (8 000). */
  dataChannelMs: number;
  /** The provider's first event (5 000). */
  sessionCreatedMs: number;
  /** How long a connected call may stay without a path before it is over (8 000). */
  disconnectedMs: number;
};

export const DEFAULT_DEADLINES: Deadlines = {
  overallMs: 10_000,
  tokenMs: 10_000,
  microphoneMs: 60_000,
  offerMs: 5_000,
  sdpExchangeMs: 8_000,
  dataChannelMs: 8_000,
  sessionCreatedMs: 5_000,
  disconnectedMs: 8_000,
};
