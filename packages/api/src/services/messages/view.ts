import type { SqlRow } from '@ephemera/db';

import type { MessagePriority } from '../../messages/priorities.ts';
import { fromRank } from '../../messages/priorities.ts';

/** A message as its recipient reads it. Times are ISO 8601. */
export type PendingMessage = {
  id: string;
  fromNode: string;
  messageType: string;
  /** Any JSON, as it was sent. */
  content: unknown;
  priority: MessagePriority;
  createdAt: string;
  expiresAt: string;
  metadata: Record<string, unknown>;
};

/** For `toPendingMessage`, of `messages m`. */
export const PENDING_COLUMNS =
  'm.seq, m.id, m.from_node, m.message_type, m.content, m.priority, m.created_at, m.expires_at, m.metadata';

function readObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function toIso(ms: unknown): string {
  return new Date(Number(ms)).toISOString();
}

export function toPendingMessage(row: SqlRow): PendingMessage {
  return {
    id: String(row['id']),
    fromNode: String(row['from_node']),
    messageType: String(row['message_type']),
    content: JSON.parse(String(row['content'])),
    priority: fromRank(Number(row['priority'])),
    createdAt: toIso(row['created_at']),
    expiresAt: toIso(row['expires_at']),
    metadata: readObject(String(row['metadata'])),
  };
}
