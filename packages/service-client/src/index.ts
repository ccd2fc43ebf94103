export { KeyClientError } from './errors.ts';
export type { KeyClientErrorCode, KeyClientErrorDetails } from './errors.ts';
export { createKeyClient } from './key-client.ts';
export type { KeyClient, KeyClientOptions, UsageInput } from './key-client.ts';
export type { ProviderKey } from './provider-key.ts';
export type { DroppedReports, DropReason, ReportStats, UsageReport } from './report-queue.ts';
export type { Clock, Runtime } from './runtime.ts';
export type { KeyedRun, TryInfo, WithApiKeyOptions } from './with-api-key.ts';
export type {
  DirectoryNode,
  NodeDetails,
  NodeFilter,
  NodePage,
  NodeUpdate,
  RegisteredNode,
} from './nodes/directory.ts';
export type { HeartbeatOptions } from './nodes/heartbeat-loop.ts';
export type { NodeLogEntry } from './nodes/log.ts';
export type { NodeLoop } from './nodes/loops.ts';
export type { NodeMessage, OpenedMessage, RejectionReason, Trust } from './nodes/message-crypto.ts';
export type {
  MessageContext,
  MessageHandler,
  MessageHandlers,
  RejectedMessage,
  ReplyOptions,
} from './nodes/message-intake.ts';
export type { ListenOptions } from './nodes/message-loop.ts';
export type { MessagePriority, OutgoingMessage, PendingMessage, SendReceipt } from './nodes/messages.ts';
export type { BrokerHealth, CallOptions, Heartbeat, HeartbeatReceipt } from './nodes/node-calls.ts';
export { createNodeClient } from './nodes/node-client.ts';
export type { NodeClient, NodeClientOptions } from './nodes/node-client.ts';
export { NodeClientError } from './nodes/node-error.ts';
export type { NodeClientErrorCode, NodeClientErrorDetails } from './nodes/node-error.ts';
export { generateNodeKeys, importNodeKeys } from './nodes/node-keys.ts';
export type { GeneratedNodeKeys, NodeKeys } from './nodes/node-keys.ts';
export type { NodeDescription } from './nodes/registration.ts';
export type { ReplayGuard } from './nodes/replay-guard.ts';
export type { RunOptions } from './nodes/run-node.ts';
