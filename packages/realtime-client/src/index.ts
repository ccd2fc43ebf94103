export type {
  ClientEvent,
  ServerEvent,
  ServerEventOf,
  SessionConfig,
  UnknownServerEvent,
} from '@ephemera/realtime-protocol';
export type {
  Broker,
  ConnectedReport,
  EndedBy,
  EndReport,
  Heartbeat,
  IcePair,
  IssuedIceServers,
  MintedSecret,
  MintInput,
  UsageEvent,
  UsageReport,
} from './broker/broker.ts';
export { createBroker } from './broker/create-broker.ts';
export type { BrokerOptions } from './broker/create-broker.ts';
export type { TranscriptItem } from './conversation/transcript.ts';
export type { SessionUsage } from './conversation/usage.ts';
export { RealtimeError } from './errors.ts';
export type { RealtimeErrorCode, RealtimeErrorDetails } from './errors.ts';
export { createLevelMeter } from './media/level-meter.ts';
export type { LevelMeter } from './media/level-meter.ts';
export { listMicrophones, openMicrophone } from './media/open-microphone.ts';
export type { Microphone } from './media/open-microphone.ts';
export type { AudioOutput, Clock, Platform } from './platform/platform.ts';
export type {
  ConnectionStats,
  Levels,
  LoggedEvent,
  SessionEventName,
  SessionEvents,
  SessionWarning,
} from './session/events.ts';
export { createRealtimeSession } from './session/realtime-session.ts';
export type { RealtimeSession } from './session/realtime-session.ts';
export type { MicrophoneChoice, RealtimeSessionOptions } from './session/options.ts';
export type {
  ConnectedState,
  ConnectingState,
  EndedState,
  FailedState,
  IdleState,
  SecretFacts,
  SessionState,
} from './session/state.ts';
export { CONNECT_STEPS, DEFAULT_DEADLINES } from './session/steps.ts';
export type { ConnectStep, Deadlines, StepTiming } from './session/steps.ts';
