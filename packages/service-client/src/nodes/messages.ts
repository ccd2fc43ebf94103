import { type JsonObject, isObject, readList, readText, readTexts } from './readers.ts';

export type MessagePriority = 'low' | 'normal' | 'high' | 'critical';

/** A message as it lies in the mailbox; `content` may be a sealed envelope. */
export type PendingMessage = {
  id: string;
  fromNode: string;
  messageType: string;
  content: unknown;
  priority: string;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601. */
  expiresAt: string;
  metadata: JsonObject;
};

export type SendReceipt = {
  messageId: string;
  accepted: readonly string[];
  /** Those that it does not reach, and why. */
  rejected: readonly { nodeId: string; reason: string }[];
};

export type OutgoingMessage = {
  to: string | readonly string[];
  type: string;
  /** Any JSON; 256 KiB at most with all that goes with it. */
  content: unknown;
  /** `normal` by default. */
  priority?: MessagePriority;
  /** Seconds until it is of no use; 3600 by default, a week at most. */
  ttlSeconds?: number;
  metadata?: JsonObject;
  /** Under which the broker takes it once; a random one by default. Only for the very same message. */
  idempotencyKey?: string;
  /** Only the recipients can read it: AES-256-GCM under a key that is wrapped for each (RSA-OAEP-256). */
  encrypt?: boolean;
  /** Recipients can tell that it is from this node, for them, of this type, and new (RSA-PSS). */
  sign?: boolean;
};

export function readMessage(value: unknown): PendingMessage | null {
  if (!isObject(value)) return null;
  const id = readText(value['id']);
  const fromNode = readText(value['from_node']);
  const messageType = readText(value['message_type']);
  const createdAt = readText(value['created_at']);
  const expiresAt = readText(value['expires_at']);
  if (id === null || fromNode === null || messageType === null) return null;
  if (createdAt === null || expiresAt === null) return null;
  const metadata = value['metadata'];
  return {
    id,
    fromNode,
    messageType,
    content: value['content'],
    priority: readText(value['priority']) ?? 'normal',
    createdAt,
    expiresAt,
    metadata: isObject(metadata) ? metadata : {},
  };
}

export function readMessages(value: unknown): readonly PendingMessage[] | null {
  return isObject(value) ? readList(value['messages'], readMessage) : null;
}

function readRejection(value: unknown): { nodeId: string; reason: string } | null {
  const nodeId = isObject(value) ? readText(value['node_id']) : null;
  if (nodeId === null || !isObject(value)) return null;
  return { nodeId, reason: readText(value['reason']) ?? 'unknown' };
}

export function readReceipt(value: unknown): SendReceipt | null {
  if (!isObject(value)) return null;
  const messageId = readText(value['message_id']);
  const accepted = readTexts(value['accepted']);
  const rejected = readList(value['rejected'], readRejection);
  if (messageId === null || accepted === null || rejected === null) return null;
  return { messageId, accepted, rejected };
}
